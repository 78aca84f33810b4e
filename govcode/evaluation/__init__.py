"""One coder against gold."""
