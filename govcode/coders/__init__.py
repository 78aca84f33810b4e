"""Whoever gives codes: rules, a linear model, people."""

from govcode.registry import Registry

CODERS = Registry("coder", {"rules": "govcode.coders.rules:load", "linear": "govcode.coders.linear:load"})
