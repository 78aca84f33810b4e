"""What a corpus looks like: posts by account, platform and month, lengths, share without body."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from govcode.records import Post

SHOWN_ACCOUNTS = 1000
BLOCK = 1024


@dataclass(frozen=True)
class Summary:
    """Counts of posts; `lengths` are characters of title, text and reply at the quantiles named.

    `accounts` holds the thousand largest; `without_body` counts posts that have only a title.
    """

    posts: int
    accounts: Mapping[str, int]
    account_number: int
    platforms: Mapping[str, int]
    months: Mapping[str, int]
    lengths: Mapping[str, int]
    without_body: int
    flags: Mapping[str, int]


class Tally:
    """Count posts as they pass; memory grows with accounts, months and lengths, not with posts."""

    def __init__(self) -> None:
        self._accounts: Counter[str] = Counter()
        self._platforms: Counter[str] = Counter()
        self._months: Counter[str] = Counter()
        self._lengths: Counter[int] = Counter()
        self._flags: Counter[str] = Counter()
        self._waiting: list[tuple[str, str, str, int]] = []  # counted by the block, which is faster
        self._without_body = 0

    def add(self, post: Post) -> None:
        """Count one post."""
        text, reply = post.text, post.reply
        length = len(post.title) + len(text) + len(reply)
        self._waiting.append((post.account, post.platform, post.published_at[:7], length))
        if not (text or reply):
            self._without_body += 1
        flags = post.extra.get("flags")
        if flags and isinstance(flags, str):
            for flag in flags.split():
                self._flags[flag.partition("=")[0]] += 1
        if len(self._waiting) >= BLOCK:
            self._count()

    def _count(self) -> None:
        """Count the posts that wait."""
        if self._waiting:
            accounts, platforms, months, lengths = zip(*self._waiting, strict=True)
            self._accounts.update(accounts)
            self._platforms.update(platforms)
            self._months.update(months)
            self._lengths.update(lengths)
            self._waiting.clear()

    def summary(self) -> Summary:
        """Return what was counted, in a fixed order."""
        self._count()
        return Summary(
            posts=self._lengths.total(),
            accounts=dict(sorted(self._accounts.items(), key=lambda kv: (-kv[1], kv[0]))[:SHOWN_ACCOUNTS]),
            account_number=len(self._accounts),
            platforms=dict(sorted(self._platforms.items())),
            months=dict(sorted(self._months.items())),
            lengths=_quantiles(self._lengths),
            without_body=self._without_body,
            flags=dict(sorted(self._flags.items())),
        )


def _quantiles(lengths: Counter[int]) -> dict[str, int]:
    """Return minimum, quartiles and maximum; the quantile is the smallest value reached by that share."""
    total = lengths.total()
    if not total:
        return {}
    result, ordered, passed, position = {}, sorted(lengths.items()), 0, 0
    for name, share in (("min", 0.0), ("q25", 0.25), ("median", 0.5), ("q75", 0.75), ("max", 1.0)):
        while position < len(ordered) - 1 and passed + ordered[position][1] < share * total:
            passed += ordered[position][1]
            position += 1
        result[name] = ordered[position][0]
    return result
