"""One verb a file: read, check, call the method, write, leave a manifest, return a result."""
