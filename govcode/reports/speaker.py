"""A profile in one language: what every table of it needs."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from govcode.codebook.model import Codebook, say
from govcode.profiles.profile import GroupProfile, Profile
from govcode.profiles.wording import LIMITS
from govcode.reports.wording import word, words


class Speaker:
    """A profile in one language: names of codes and groups, words, and limits."""

    def __init__(self, found: Profile, codebook: Codebook, language: str) -> None:
        self.profile, self.codebook, self.language = found, codebook, language

    def __call__(self, key: str, *values: object) -> str:
        """Return a wording with its values filled in."""
        return word(key, self.language).format(*values)

    def stated(self, key: str, default: str) -> str:
        """Return a wording that may not be there, else what the method says of itself."""
        return self(key) if key in words() else default

    def limit(self, key: str) -> str:
        """Return what figures of this kind cannot say."""
        return say(LIMITS[key], self.language)

    def code(self, code: str) -> str:
        """Return the label of a code."""
        return say(self.codebook.code(code).label, self.language)

    def name(self, group: GroupProfile) -> str:
        """Return the name of a group."""
        return " · ".join(part or "–" for part in group.key) or self("all")

    @property
    def corrects(self) -> bool:
        """Say whether shares are corrected by gold, so that a counted one must be told apart."""
        found = self.profile.correction
        return found is not None and bool(found.method)

    @property
    def groups(self) -> tuple[GroupProfile, ...]:
        """All posts first, then every group."""
        return (self.profile.overall, *self.profile.groups)

    @property
    def heading(self) -> str:
        """What a row of a table by group is."""
        return " · ".join(self(name) for name in self.profile.grouping) or self("group")

    def rows(self, cells: Callable[[GroupProfile], Iterable[str] | None]) -> tuple[tuple[str, ...], ...]:
        """Return one row for each group that has the cells."""
        made = ((self.name(g), cells(g)) for g in self.groups)
        return tuple((name, *row) for name, row in made if row is not None)
