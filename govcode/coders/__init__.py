"""Whoever gives codes: rules, a linear model, people."""
