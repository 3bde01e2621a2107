"""Forward passes as ONNX graphs, put together here from a model's own safetensors and run by ONNX Runtime."""
