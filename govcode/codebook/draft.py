"""A codebook file as TOML values, read part by part; what is missing or odd is noted with its line."""

from __future__ import annotations

from collections.abc import Mapping
from math import isfinite
from typing import Any

from govcode.codebook.lines import Lines, Path
from govcode.codebook.model import Text
from govcode.codebook.problems import Problem, did_you_mean

LANGUAGES = ("zh", "en")


class Draft:
    """Give typed parts of one TOML table and collect problems instead of stopping at the first."""

    def __init__(
        self, values: Mapping[str, Any], lines: Lines, problems: list[Problem], *path: str | int
    ) -> None:
        self.values = values
        self.lines = lines
        self.problems = problems
        self.path: Path = path

    @property
    def line(self) -> int:
        """The line on which this part begins."""
        return self.lines.of(*self.path)

    @property
    def name(self) -> str:
        """What messages call this part: `codes 'service'`, `gates`."""
        kind = str(self.path[0]) if self.path else "the codebook"
        named = self.values.get("id")
        if isinstance(named, str):
            return f"{kind} '{named}'"
        return (
            f"{kind} number {self.path[1] + 1}"
            if len(self.path) > 1 and isinstance(self.path[1], int)
            else kind
        )

    def note(self, slug: str, message: str, *key: str | int, warning: bool = False) -> None:
        """Note a problem at a key of this part."""
        self.problems.append(Problem(self.lines.of(*self.path, *key), slug, message, warning))

    def known(self, *keys: str) -> None:
        """Note keys that nobody reads: a misspelt key must not be lost in silence."""
        for key in self.values:
            if key not in keys:
                near = did_you_mean(key, list(keys))
                self.note("unknown-key", f"{self.name} has an unknown key '{key}'{near}.", key)

    def string(self, key: str, default: str = "", *, needed: bool = False) -> str:
        """Return a string."""
        value = self.values.get(key)
        if isinstance(value, str) and value.strip():
            return value
        if value is not None and not isinstance(value, str):
            self.note("wrong-type", f"{self.name}: '{key}' must be a text in quotes.", key)
        elif needed:
            self.note("missing", f"{self.name} has no '{key}'.", key)
        return default

    def flag(self, key: str, default: bool = False) -> bool:
        """Return true or false."""
        value = self.values.get(key, default)
        if not isinstance(value, bool):
            self.note("wrong-type", f"{self.name}: '{key}' must be true or false.", key)
            return default
        return value

    def number(self, key: str, default: float) -> float:
        """Return a number."""
        value = self.values.get(key, default)
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not isfinite(value):
            self.note("wrong-type", f"{self.name}: '{key}' must be a number.", key)
            return default
        return value

    def text(self, key: str, *, needed: bool = False) -> Text:
        """Return a wording by language; a plain string is taken as Chinese where it has Han characters."""
        value = self.values.get(key)
        if value is None:
            if needed:
                self.note("missing", f"{self.name} has no '{key}'.", key)
            return {}
        return self.wording(value, key)

    def wording(self, value: object, key: str = "") -> Text:
        """Return a wording by language from a string or a table of languages."""
        if isinstance(value, str):
            return {"zh" if any("\u3400" <= char <= "\u9fff" for char in value) else "en": value}
        if isinstance(value, Mapping) and value and all(isinstance(v, str) for v in value.values()):
            return dict(value)
        self.note("wrong-type", f"{self.name}: '{key}' must be a text, or texts by language (zh, en).", key)
        return {}

    def own_text(self) -> Text:
        """Return the wordings that stand directly in this part (`zh = …`, `en = …`)."""
        return {k: v for k, v in self.values.items() if k in LANGUAGES and isinstance(v, str)}

    def strings(self, key: str) -> tuple[str, ...]:
        """Return a list of strings."""
        value = self.values.get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            self.note("wrong-type", f"{self.name}: '{key}' must be a list of texts.", key)
            return ()
        return tuple(value)

    def pairs(self, key: str) -> dict[str, str]:
        """Return a table of strings."""
        value = self.values.get(key, {})
        if not isinstance(value, dict) or not all(isinstance(item, str) for item in value.values()):
            self.note("wrong-type", f"{self.name}: '{key}' must be a table of texts.", key)
            return {}
        return dict(value)

    def table(self, key: str) -> Draft:
        """Return the part `[key]` (empty where it is absent)."""
        value = self.values.get(key, {})
        if not isinstance(value, dict):
            self.note("wrong-type", f"'{key}' must be a table: [{key}].", key)
            value = {}
        return Draft(value, self.lines, self.problems, *self.path, key)

    def tables(self, key: str) -> list[Draft]:
        """Return the parts `[[key]]`."""
        value = self.values.get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            self.note("wrong-type", f"'{key}' must be a list of tables: [[{key}]].", key)
            return []
        return [Draft(item, self.lines, self.problems, *self.path, key, i) for i, item in enumerate(value)]
