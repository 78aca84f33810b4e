"""The instrument: codes, forms, rules and examples, read from one TOML file."""
