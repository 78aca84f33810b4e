"""Do the coders agree? Codings in, frozen results out; no files."""
