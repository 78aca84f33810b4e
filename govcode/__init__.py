"""Code Chinese government social-media posts into functions.

Only names are listed here: anything heavy is imported when it is first asked for.
"""

from __future__ import annotations

from typing import Any

__version__ = "0.1.0"

# public name -> module that defines it
_API = {
    **dict.fromkeys(("ingest", "segment", "classify"), "govcode.api"),
    **dict.fromkeys(("evaluate", "estimate", "reliability", "profile"), "govcode.api_measures"),
}

__all__ = ["__version__", *_API]


def __getattr__(name: str) -> Any:
    """Load a public function when it is first used."""
    if name in _API:
        from importlib import import_module

        return getattr(import_module(_API[name]), name)
    raise AttributeError(f"module 'govcode' has no attribute {name!r}")
