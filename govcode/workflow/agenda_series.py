"""Hold the public's series against a profile: all posts, and each of its groups."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from govcode.errors import MissingExtraError, UsageError
from govcode.profiles.alignment import Issue
from govcode.profiles.base import CodedPost
from govcode.profiles.profile import Profile, group_key
from govcode.profiles.series import adjusted, raw_alignment
from govcode.workflow.agenda import read_series


def with_series(
    found: Profile, posts: Sequence[CodedPost], issues: Sequence[Issue], path: str
) -> tuple[Profile, list[str]]:
    """Return the profile with the public's series held against it, and a sentence where a part is left out.

    Raises UsageError where issues have no words (no public agenda).
    """
    if not path:
        return found, []
    if not issues:
        raise UsageError("--agenda-series needs --public-agenda.", hint="It tells issues by their words.")
    public = read_series(path, issues)
    groups = _members(found, posts)

    def aligned(*, test: bool) -> Profile:
        whole = adjusted([raw_alignment(posts, issues, public, test=test)])[0]
        each = adjusted([raw_alignment(members, issues, public, test=test) for members in groups.values()])
        own = dict(zip(groups, each, strict=True))
        return replace(
            found, series=whole, groups=tuple(replace(g, series=own.get(g.key)) for g in found.groups)
        )

    try:
        return aligned(test=True), []
    except MissingExtraError as error:
        return aligned(test=False), [f"Granger's tests are left out: {error.message} {error.hint}"]


def _members(found: Profile, posts: Sequence[CodedPost]) -> dict[tuple[str, ...], list[CodedPost]]:
    """Return the posts of every group with shares; none where groups are months themselves."""
    groups: dict[tuple[str, ...], list[CodedPost]] = {
        g.key: [] for g in found.groups if not (g.insufficient or "month" in found.grouping)
    }
    for post in posts:
        if (members := groups.get(group_key(post, found.grouping))) is not None:
            members.append(post)
    return groups
