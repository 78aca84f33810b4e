"""The transformer coder: a fine-tuned encoder, run on the CPU by ONNX Runtime."""
