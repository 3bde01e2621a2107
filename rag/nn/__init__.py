"""What models stand on: devices, batches, folders of weights, tokenizers, forward passes."""
