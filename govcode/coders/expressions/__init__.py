"""The expression language of the rule coder: parse once, match many posts. See docs/codebook.md."""
