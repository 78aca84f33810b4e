"""How a coder is mapped over many posts."""
