"""Whether findings stand when a contestable choice of the codebook is undone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from govcode.codebook.model import Codebook, SensitivityMapping
from govcode.profiles.base import CodedPost, Share, share_of

LEADING, ORDER, SCARCE = "leading", "order", "scarce"


@dataclass(frozen=True, slots=True)
class MappedShares:
    """Shares of all codes under one mapping; `blind` posts could not be recoded, having no form."""

    mapping: str
    shares: tuple[Share, ...]
    moved: int
    blind: int
    extremes: tuple[tuple[tuple[str, int], ...], ...] = ()
    """Posts by code if all blind posts of a code moved, one entry a code and target."""

    @property
    def values(self) -> dict[str, float]:
        """Return the shares by code, corrected where they are."""
        return {s.code: s.best.value for s in self.shares}


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding about a group: what it says, and the mappings under which it says something else.

    `kind`: leading (most frequent code), order (all codes by share), scarce (a code below an equal share).
    `robust` is None where posts without a form make it impossible to tell.
    """

    kind: str
    subject: str
    value: str
    robust: bool | None
    broken_by: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """All mappings and the findings held against them; `corrected` ones rest on shares corrected by gold."""

    n: int
    mappings: tuple[MappedShares, ...]
    findings: tuple[Finding, ...]
    corrected: bool = False


def sensitivity(posts: Sequence[CodedPost], codebook: Codebook) -> Sensitivity | None:
    """Recode the posts of one group under every mapping and compare the findings with the codebook as is.

    A mapping sends forms or codes to other codes. Posts of an affected code without a form are blind: a
    finding is called robust only if it also stands when all of them move. None without mappings or posts.
    """
    if not codebook.mappings or not posts:
        return None
    counts = Counter((p.code, p.form) for p in posts)
    mapped = [_mapped(counts, mapping, codebook) for mapping in codebook.mappings]
    base = dict.fromkeys(codebook.ids, 0) | Counter(p.code for p in posts)
    plain = {c: n / len(posts) for c, n in base.items()}
    return Sensitivity(len(posts), tuple(mapped), held(plain, mapped, codebook))


def held(
    plain: Mapping[str, float], mapped: Sequence[MappedShares], codebook: Codebook
) -> tuple[Finding, ...]:
    """Return the findings of the plain shares, each held against what the mappings give."""
    found = findings_of(plain, codebook)
    return tuple(_held(*about, value, mapped, codebook) for about, value in found.items())


def _mapped(
    counts: Counter[tuple[str, str]], mapping: SensitivityMapping, codebook: Codebook
) -> MappedShares:
    """Recode counts of (code, form); a post is moved by its form where the form's own code was given."""
    affected = {form.code for form in codebook.forms if form.id in mapping.forms}
    found = dict.fromkeys(codebook.ids, 0)
    blind: Counter[str] = Counter()
    moved = 0
    for (code, form), number in counts.items():
        target = mapping.codes.get(code, code)
        if form in mapping.forms and codebook.form(form).code == code:
            target = mapping.forms[form]
        elif code in affected and not form:
            blind[code] += number
        moved += number if target != code else 0
        found[target] = found.get(target, 0) + number
    targets = {(f.code, mapping.forms[f.id]) for f in codebook.forms if f.id in mapping.forms}
    extremes = tuple(
        tuple({**found, code: found[code] - blind[code], to: found[to] + blind[code]}.items())
        for code, to in sorted(targets)
        if blind[code] and code != to
    )
    n = sum(found.values())
    shares = tuple(Share(c, found[c], n, share_of(found[c], n)) for c in codebook.ids)
    return MappedShares(mapping.id, shares, moved, sum(blind.values()), extremes)


def findings_of(shares: Mapping[str, float], codebook: Codebook) -> dict[tuple[str, str], str]:
    """Return each finding's value in words of code ids, by kind and subject."""
    ranked = sorted(codebook.ids, key=lambda c: (-shares.get(c, 0.0), codebook.ids.index(c)))
    equal = 1 / len(codebook.ids)
    found = {(LEADING, ""): ranked[0], (ORDER, ""): " > ".join(ranked)}
    for facet in codebook.facets:
        if facet.deficit:
            found[SCARCE, facet.code] = "below" if shares.get(facet.code, 0.0) < equal else "not below"
    return found


def _held(
    kind: str, subject: str, value: str, mapped: Sequence[MappedShares], codebook: Codebook
) -> Finding:  # fmt: skip
    other = [(m.mapping, findings_of(m.values, codebook)[kind, subject]) for m in mapped]
    broken = tuple((name, new) for name, new in other if new != value)
    moved = [{c: k / sum(dict(e).values()) for c, k in e} for m in mapped for e in m.extremes]
    could = any(findings_of(shares, codebook)[kind, subject] != value for shares in moved)
    robust = False if broken else None if could else True
    return Finding(kind, subject, value, robust, broken)
