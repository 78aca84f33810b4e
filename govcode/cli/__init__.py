"""The command line: the only floor that knows Typer and rich."""
