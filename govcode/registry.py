"""Tables of names whose modules are imported only when one is asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import Any

from govcode.errors import UsageError, choices


class Registry:
    """Map names to `module:attribute` strings and load an entry late.

    Listing the names imports nothing. A test loads every entry of every registry.
    """

    def __init__(self, kind: str, entries: Mapping[str, str]) -> None:
        self.kind = kind
        self._entries = dict(entries)

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def __contains__(self, name: object) -> bool:
        return name in self._entries

    def load(self, name: str) -> Any:
        """Return the object registered under `name`; raise UsageError naming the valid ones."""
        if name not in self._entries:
            raise UsageError(f"Unknown {self.kind} '{name}'.", hint=f"Choose from: {choices(self)}.")
        module, _, attribute = self._entries[name].partition(":")
        return getattr(import_module(module), attribute)
