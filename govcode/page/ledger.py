"""The ledger of decisions in a store: append, undo by a compensating row, and read what stands."""

from __future__ import annotations

import statistics
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from govcode.page.store import Store, now
from govcode.records import Coding

CODING = "coding"
GOLD = "gold"
RECENT = 50  # posts whose time tells how long the rest will take
_LONGEST = 600.0  # seconds one decision may add; more is a coder who went away


@dataclass(frozen=True, slots=True)
class Choice:
    """What a person says about a post: all fields of a coding, as they stand after a keystroke."""

    code: str = ""
    secondary: str = ""
    form: str = ""
    sure: bool = True
    note: str = ""
    rule: str = ""
    skipped: bool = False


@dataclass(frozen=True, slots=True)
class Tally:
    """How far a person is: numbers of posts, and seconds per post (median of the latest)."""

    posts: int
    coded: int
    na: int
    skipped: int
    unsure: int
    seconds: float | None

    @property
    def done(self) -> int:
        """Return how many posts have a decision (a code or NA)."""
        return self.coded + self.na

    @property
    def remaining(self) -> int:
        """Return how many posts have none."""
        return self.posts - self.done


_EMPTY = Choice()
_CHOICE = "code, secondary, form, sure, note, rule, skipped"


class Ledger:
    """The decisions of one person in one role (`coding` or `gold`) on one sheet."""

    def __init__(self, store: Store, coder: str, *, role: str = CODING, codebook: str = "") -> None:
        self.store = store
        self.coder = coder
        self.role = role
        self.codebook = codebook
        self._key = (role, coder)

    def record(
        self, post_id: str, choice: Choice, *, kind: str = "code", seconds: float = 0.0,
        assisted: bool = False,
    ) -> int:  # fmt: skip
        """Append a decision and return its number; it is on the disk when this returns.

        `kind` is `code`, `note` or `skip`; `seconds` is what the decision took, at most ten minutes.
        """
        with self.store.transaction():
            return self._append(
                post_id, choice, kind, self._head(), min(max(seconds, 0.0), _LONGEST), assisted
            )

    def undo(self) -> str | None:
        """Take back the latest decision that stands, by a compensating row; return its post, or None.

        A run of note keystrokes on one post is one step. What was undone stays in the ledger.
        """
        with self.store.transaction():
            head = self._row(self._head())
            if head is None:
                return None
            last = self._row(head["head"])
            while last and last["kind"] == head["kind"] == "note" and last["post_id"] == head["post_id"]:
                head, last = last, self._row(last["head"])
            before = self._row(head["before"])
            choice = _choice(before) if before else _EMPTY
            self._append(head["post_id"], choice, "undo", head["head"], 0.0, False)
            return str(head["post_id"])

    def choice(self, post_id: str) -> Choice:
        """Return what stands on a post (empty where nothing was decided)."""
        row = self._row(self._current(post_id))
        return _choice(row) if row else _EMPTY

    def tally(self) -> Tally:
        """Count what stands, from counters that every decision keeps up to date."""
        query = "SELECT state, sure, number FROM tally WHERE role = ? AND coder = ?"
        counts: dict[str, int] = {}
        unsure = 0
        for state, sure, number in self.store.db.execute(query, self._key):
            counts[state] = counts.get(state, 0) + number
            unsure += number if state in ("coded", "na") and not sure else 0
        return Tally(
            self.store.count(), counts.get("coded", 0), counts.get("na", 0), counts.get("skipped", 0),
            unsure, self._pace(),
        )  # fmt: skip

    def next_open(self, after: int = 0) -> int | None:
        """Return the place of the next post without a decision after `after`; then from the start.

        Skipped posts come last. None where every post has a decision.
        """
        tally = self.tally()
        if tally.remaining > tally.skipped:
            return self.find("open", after)
        return self.find("skipped", after) if tally.skipped else None

    def find(self, what: str, after: int) -> int | None:
        """Return the next place after `after` (round once) that is `what`.

        `what` is `open`, `skipped`, `unsure`, `noted` or `na`.
        """
        for start in (after, 0):
            row = self.store.db.execute(_FIND[what], (*self._key, start)).fetchone()
            if row:
                return int(row[0])
        return None

    def resume(self) -> int:
        """Return the place where the coder left: the first open post after the latest decision."""
        query = (
            "SELECT p.position FROM current c JOIN post p USING (post_id) WHERE c.role = ? AND c.coder = ? "
            "AND c.state <> 'open' ORDER BY c.seq DESC LIMIT 1"
        )
        row = self.store.db.execute(query, self._key).fetchone()
        last = int(row[0]) if row else 0
        return self.next_open(last) or max(last, 1)

    def _pace(self) -> float | None:
        query = (
            "SELECT seconds FROM current WHERE role = ? AND coder = ? AND state IN ('coded', 'na') "
            "ORDER BY seq DESC LIMIT ?"
        )
        spent = [row[0] for row in self.store.db.execute(query, (*self._key, RECENT)) if row[0] > 0]
        return statistics.median(spent) if spent else None

    def _append(
        self, post_id: str, choice: Choice, kind: str, head: int | None, seconds: float, assisted: bool
    ) -> int:
        before = self._current(post_id)
        cursor = self.store.db.execute(
            f"INSERT INTO decision(role, coder, post_id, kind, {_CHOICE}, codebook, assisted, seconds, at, "
            "before, head) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
            (*self._key, post_id, kind, choice.code, choice.secondary, choice.form, int(choice.sure),
             choice.note, choice.rule, int(choice.skipped), self.codebook, int(assisted), seconds, now(),
             before, head),
        )  # fmt: skip
        return int(cursor.lastrowid or 0)

    def _current(self, post_id: str) -> int | None:
        query = "SELECT seq FROM current WHERE role = ? AND coder = ? AND post_id = ?"
        row = self.store.db.execute(query, (*self._key, post_id)).fetchone()
        return int(row[0]) if row else None

    def _head(self) -> int | None:
        """Return the latest decision that stands: each row points at the one below it."""
        query = "SELECT seq, kind, head FROM decision WHERE role = ? AND coder = ? ORDER BY seq DESC LIMIT 1"
        row = self.store.db.execute(query, self._key).fetchone()
        if row is None:
            return None
        return row[2] if row[1] == "undo" else int(row[0])

    def _row(self, seq: int | None) -> dict[str, Any] | None:
        if seq is None:
            return None
        cursor = self.store.db.execute("SELECT * FROM decision WHERE seq = ?", (seq,))
        row = cursor.fetchone()
        return dict(zip((d[0] for d in cursor.description), row, strict=True)) if row else None


_JOINED = "JOIN current c ON c.role = ? AND c.coder = ? AND c.post_id = p.post_id WHERE p.position > ? AND"
_AMONG = f"SELECT p.position FROM post p {_JOINED}"
_FIRST = " ORDER BY p.position LIMIT 1"
_FIND = {
    "open": f"SELECT p.position FROM post p LEFT {_JOINED} COALESCE(c.state, 'open') = 'open' {_FIRST}",
    "skipped": f"{_AMONG} c.state = 'skipped' {_FIRST}",
    "na": f"{_AMONG} c.state = 'na' {_FIRST}",
    "unsure": f"{_AMONG} c.state IN ('coded', 'na') AND NOT c.sure {_FIRST}",
    "noted": f"{_AMONG} c.noted {_FIRST}",
}
FINDABLE = tuple(_FIND)


def _choice(row: dict[str, Any]) -> Choice:
    return Choice(
        row["code"], row["secondary"], row["form"], bool(row["sure"]), row["note"], row["rule"],
        bool(row["skipped"]),
    )  # fmt: skip


def people(store: Store, role: str = CODING) -> list[str]:
    """Return who has decided on posts of this sheet, by name."""
    query = "SELECT DISTINCT coder FROM current WHERE role = ? ORDER BY coder"
    return [row[0] for row in store.db.execute(query, (role,))]


@dataclass(frozen=True, slots=True)
class Entry:
    """A decision that stands, as a coding, with how it came about."""

    coding: Coding
    rule: str
    note: str
    assisted: bool
    seconds: float
    seq: int


def entries(
    store: Store, *, role: str = CODING, coder: str | None = None, post_id: str | None = None
) -> Iterator[Entry]:
    """Yield the decisions that stand (a code or NA), by coder and in the order of the sheet."""
    query = (
        "SELECT d.post_id, d.coder, d.code, d.secondary, d.form, d.sure, d.note, d.rule, d.codebook, d.at, "
        "d.assisted, c.seconds, d.seq, p.stratum, p.inclusion_prob FROM current c "
        "JOIN decision d USING (seq) JOIN post p ON p.post_id = d.post_id "
        "WHERE c.role = ? AND c.state IN ('coded', 'na') "
        "AND (? IS NULL OR c.coder = ?) AND (? IS NULL OR c.post_id = ?) ORDER BY d.coder, p.position"
    )
    for row in store.db.execute(query, (role, coder, coder, post_id, post_id)):
        (post_id, who, code, secondary, form, sure, note, rule, codebook, at, assisted, seconds, seq,
         stratum, probability) = row  # fmt: skip
        coding = Coding(
            post_id, who, code, secondary, form, bool(sure), with_rule(rule, note), codebook, at,
            stratum=stratum, inclusion_prob=probability,
        )  # fmt: skip
        yield Entry(coding, rule, note, bool(assisted), seconds, seq)


def with_rule(rule: str, note: str) -> str:
    """Write the rules cited and the note as one `note`: `B4 R3: more steps than clauses`."""
    return f"{rule}: {note}" if rule and note else rule or note
