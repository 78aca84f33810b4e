"""The store beside a sheet: its posts, and every decision ever made on them, in one SQLite file."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import TracebackType

from govcode.errors import InputError, OutputError
from govcode.page.schema import SCHEMA, VERSION

SUFFIX = ".coding.sqlite"


@dataclass(frozen=True, slots=True)
class SheetPost:
    """One post of a sheet at its place in the coder's own order (1 = first)."""

    position: int
    post_id: str
    title: str
    text: str
    reply: str = ""
    account: str = ""
    platform: str = ""
    published_at: str = ""
    stratum: str = ""
    inclusion_prob: float | None = None


@dataclass(frozen=True, slots=True)
class Remark:
    """One contribution to the discussion of a post."""

    post_id: str
    author: str
    text: str
    at: str


def store_path(sheet: Path) -> Path:
    """Return where the store of `sheet` lies: `X` has `X.coding.sqlite`."""
    return sheet.with_name(sheet.name + SUFFIX)


def now() -> str:
    """Return the local time to the second with its offset, as written into `coded_at`."""
    return datetime.now().astimezone().isoformat(timespec="seconds")


class Store:
    """Open (or begin) the store of one sheet.

    Every change is one committed transaction with a flushed log, so a killed process loses nothing it
    has acknowledged. Several processes may have the same store open. Raises InputError where the file
    is not a store, OutputError where it cannot be written.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self.db = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=10)
            with suppress(OSError):
                path.chmod(0o600)
            self._prepare()
        except sqlite3.DatabaseError as error:
            kind = InputError if path.exists() and path.stat().st_size else OutputError
            raise kind(
                f"{path}: cannot be used as a store of codings ({error}).",
                hint="Move it away, or put the sheet in a folder you may write to.",
            ) from error

    def __enter__(self) -> Store:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file; the write-ahead log is folded in."""
        self.db.close()

    def _prepare(self) -> None:
        self.db.execute("PRAGMA journal_mode = WAL")
        self.db.execute("PRAGMA synchronous = FULL")
        with self.transaction():
            if not self.db.execute("SELECT 1 FROM sqlite_master WHERE name = 'meta'").fetchone():
                for statement in _statements(SCHEMA):
                    self.db.execute(statement)
                self.put("schema", str(VERSION))
        if self.get("schema") != str(VERSION):
            raise InputError(
                f"{self.path}: was written by another version of govcode (schema {self.get('schema')}).",
                hint="Export the codings with that version.",
            )

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Do all of the block or nothing of it, with the write lock from its beginning."""
        self.db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self.db.execute("ROLLBACK")
            raise
        self.db.execute("COMMIT")

    def get(self, key: str) -> str:
        """Return a fact about the store, or an empty string."""
        row = self.db.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        return str(row[0]) if row else ""

    def put(self, key: str, value: str) -> None:
        """Remember a fact about the store."""
        self.db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))

    def take(self, posts: Iterable[SheetPost], digest: str) -> None:
        """Take the posts of the sheet, whose file has SHA-256 `digest`, in place of those held.

        Raises InputError where a post that was decided on is gone or reads differently now.
        """
        with self.transaction():
            self.db.execute(
                "CREATE TEMP TABLE decided AS SELECT DISTINCT p.post_id, p.title, p.text, p.reply "
                "FROM post p JOIN current c USING (post_id)"
            )
            self.db.execute("DELETE FROM post")
            self.db.executemany(
                "INSERT INTO post VALUES (?,?,?,?,?,?,?,?,?,?)",
                ((p.position, p.post_id, p.title, p.text, p.reply, p.account, p.platform, p.published_at,
                  p.stratum, p.inclusion_prob) for p in posts),
            )  # fmt: skip
            lost = self.db.execute(
                "SELECT d.post_id FROM decided d LEFT JOIN post p USING (post_id) WHERE p.post_id IS NULL "
                "OR p.title <> d.title OR p.text <> d.text OR p.reply <> d.reply"
            ).fetchall()
            self.db.execute("DROP TABLE decided")
            if lost:
                raise InputError(
                    f"{self.path.name}: {len(lost)} coded posts are gone from the sheet or read differently "
                    f"now (first: {lost[0][0]}).",
                    hint="Restore the sheet as it was coded, or give the new one another file name.",
                )
            self.put("digest", digest)

    def count(self) -> int:
        """Return the number of posts."""
        return int(self.db.execute("SELECT COUNT(*) FROM post").fetchone()[0])

    def post_at(self, position: int) -> SheetPost | None:
        """Return the post at a place of the sheet."""
        row = self.db.execute("SELECT * FROM post WHERE position = ?", (position,)).fetchone()
        return SheetPost(*row) if row else None

    def post(self, post_id: str) -> SheetPost | None:
        """Return the post with this id."""
        row = self.db.execute("SELECT * FROM post WHERE post_id = ?", (post_id,)).fetchone()
        return SheetPost(*row) if row else None

    def posts(self) -> Iterator[SheetPost]:
        """Yield all posts in order."""
        for row in self.db.execute("SELECT * FROM post ORDER BY position"):
            yield SheetPost(*row)

    def remark(self, post_id: str, author: str, text: str) -> None:
        """Add to the discussion of a post."""
        with self.transaction():
            self.db.execute(
                "INSERT INTO remark(post_id, author, text, at) VALUES (?,?,?,?)",
                (post_id, author, text, now()),
            )

    def remarks(self, post_id: str) -> list[Remark]:
        """Return the discussion of a post, oldest first."""
        query = "SELECT post_id, author, text, at FROM remark WHERE post_id = ? ORDER BY seq"
        return [Remark(*row) for row in self.db.execute(query, (post_id,))]

    def token_hash(self, name: str) -> str:
        """Return the hash of a person's token, or an empty string."""
        row = self.db.execute("SELECT token_hash FROM person WHERE name = ?", (name,)).fetchone()
        return str(row[0]) if row else ""

    def set_token_hash(self, name: str, token_hash: str) -> None:
        """Remember the hash of a person's token; the token itself is never stored."""
        with self.transaction():
            self.db.execute("INSERT OR REPLACE INTO person VALUES (?, ?)", (name, token_hash))


def _statements(script: str) -> Iterator[str]:
    """Cut the schema into statements (a trigger holds semicolons of its own)."""
    pending = ""
    for line in script.splitlines():
        pending += line + "\n"
        if sqlite3.complete_statement(pending):
            yield pending
            pending = ""
