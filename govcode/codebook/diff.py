"""What changed between two codebooks, in the words of the user: codes, forms, rules, expressions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from difflib import SequenceMatcher
from typing import Any

from govcode.codebook.model import Codebook

ADDED, REMOVED, RENAMED, CHANGED = "added", "removed", "renamed", "changed"
KINDS = ("codes", "forms", "rules", "sections", "examples", "mappings", "facets")
PARTS = (
    "version", "title", "variable", "tie_break", "procedure", "na_rule", "na_minimum", "na_purpose", "gates",
    "training", "short", "settings", "lists",
)  # fmt: skip
ALIKE = 0.75
"""How alike (0 to 1) the wording of a removed and an added part must be to count as renamed."""


@dataclass(frozen=True, slots=True)
class Change:
    """One difference: kind of part, its id, what happened, and the values before and after."""

    kind: str
    id: str
    what: str
    field: str = ""
    before: Any = None
    after: Any = None


@dataclass(frozen=True, slots=True)
class CodebookDiff:
    """All differences of two codebooks; `same` and `same_rules` compare the hashes."""

    before: str
    after: str
    same: bool
    same_rules: bool
    changes: tuple[Change, ...] = ()
    renamed_codes: dict[str, str] = field(default_factory=dict)


def diff_codebooks(before: Codebook, after: Codebook) -> CodebookDiff:
    """Return what changed from `before` to `after`, renamed parts recognised by their wording."""
    changes = [change for kind in KINDS for change in _compare(kind, before, after)]
    changes += [
        Change("codebook", "", CHANGED, name, _value(getattr(before, name)), _value(getattr(after, name)))
        for name in PARTS
        if _value(getattr(before, name)) != _value(getattr(after, name))
    ]
    changes += _expressions(before, after)
    renamed = {
        change.before: change.after for change in changes if (change.kind, change.what) == ("codes", RENAMED)
    }
    return CodebookDiff(
        before=f"{before.id} {before.version} ({before.short_hash})",
        after=f"{after.id} {after.version} ({after.short_hash})",
        same=before.hash == after.hash,
        same_rules=before.rules_hash == after.rules_hash,
        changes=tuple(changes),
        renamed_codes=renamed,
    )


def _compare(kind: str, before: Codebook, after: Codebook) -> Iterator[Change]:
    old = {part.id: _fields(part) for part in getattr(before, kind)}
    new = {part.id: _fields(part) for part in getattr(after, kind)}
    renamed = _renamed(kind, old, new)
    for part, values in old.items():
        if part in renamed:
            yield Change(kind, part, RENAMED, "id", part, renamed[part])
        elif part not in new:
            yield Change(kind, part, REMOVED)
            continue
        other = new[renamed.get(part, part)]
        for name in dict.fromkeys((*values, *other)):
            if values.get(name) != other.get(name):
                yield Change(kind, renamed.get(part, part), CHANGED, name, values.get(name), other.get(name))
    for part in new:
        if part not in old and part not in renamed.values():
            yield Change(kind, part, ADDED)
    if kind == "codes" and list(old) != list(new) and sorted(old) == sorted(new):
        yield Change(kind, "", CHANGED, "order", list(old), list(new))


def _fields(part: Any) -> dict[str, Any]:
    """Return the fields by name, texts by language as fields of their own (`definition.zh`)."""
    fields: dict[str, Any] = {}
    for name, value in asdict(part).items():
        if name in ("id", "expressions"):
            continue
        if isinstance(value, dict) and set(value) <= {"zh", "en"}:
            fields.update({f"{name}.{language}": wording for language, wording in value.items()})
        else:
            fields[name] = _value(value)
    return fields


def _value(value: Any) -> Any:
    if hasattr(value, "__dataclass_fields__"):
        return _value({key: item for key, item in asdict(value).items() if key != "line"})
    if isinstance(value, tuple):
        return [_value(item) for item in value]
    return value


def _renamed(kind: str, old: dict[str, Any], new: dict[str, Any]) -> dict[str, str]:
    """Pair each removed part with the added part whose wording is most like it, if it is like enough."""
    gone, come = [part for part in old if part not in new], [part for part in new if part not in old]
    pairs = sorted(
        ((_likeness(old[a], new[b]), a, b) for a in gone for b in come), key=lambda pair: (-pair[0], pair[1:])
    )
    renamed: dict[str, str] = {}
    for likeness, a, b in pairs:
        if likeness >= ALIKE and a not in renamed and b not in renamed.values():
            renamed[a] = b
    return renamed


def _likeness(a: dict[str, Any], b: dict[str, Any]) -> float:
    one, other = (" ".join(str(value) for _, value in sorted(part.items())) for part in (a, b))
    return SequenceMatcher(None, one, other, autojunk=False).ratio()


def _expressions(before: Codebook, after: Codebook) -> Iterator[Change]:
    """Yield expressions that came, went or changed weight; a weight that changed is one change."""
    old, new = (
        Counter((e.form or code, e.source, e.weight) for code, e in book.expressions)
        for book in (before, after)
    )
    gone, come = old - new, new - old
    for owner, source, weight in gone:
        weights = [w for o, s, w in come if (o, s) == (owner, source)]
        if weights:
            yield Change("expressions", owner, CHANGED, source, weight, weights[0])
        else:
            yield Change("expressions", owner, REMOVED, source, weight)
    for owner, source, weight in come:
        if not any((o, s) == (owner, source) for o, s, _ in gone):
            yield Change("expressions", owner, ADDED, source, None, weight)
