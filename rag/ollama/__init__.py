"""An Ollama server, seen from one process: its addresses, its errors, its models, its queue. Under chat/ and embed/."""
