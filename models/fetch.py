"""Put the labelled real posts together from the public repositories, and check every hash.

Usage: python models/fetch.py FOLDER [--base-url ADDRESS-or-folder] [--only REPOSITORY]

The labels name repository, commit and path of each post, not its text. This fetches every file named (once:
what lies in FOLDER/files is not asked for again), reads it with govcode's own readers, and keeps a record
where its SHA-256 is that of the text that was coded (training/digests.jsonl). A record is found by its hash,
so none can be taken for another. FOLDER/posts.jsonl holds the posts with their labels, FOLDER/missing.jsonl
what could not be rebuilt and why: `no-file` (not there any more), `unreadable`, `no-record` (no record of
the file has this text; the shared records were cleaned by hand in places).

Addresses are ADDRESS/REPOSITORY/COMMIT/PATH; a folder of that shape serves as a mirror. Nothing else uses
the network. Texts belong to the accounts: for research, not for redistribution.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import sys
import urllib.error
import urllib.parse
import urllib.request
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parent.parent)]

from corpus import TRAINING, Row, digest, labels, rows  # noqa: E402

from govcode.errors import GovcodeError  # noqa: E402
from govcode.readers.posts import read_posts  # noqa: E402
from govcode.readers.tables import open_table  # noqa: E402
from govcode.records import Excluded  # noqa: E402

ADDRESS = "https://raw.githubusercontent.com"
SECONDS = 60
_TAG = re.compile(r"<[^>]+>")
_TRAILING = re.compile(r"\s*(?:原图|组图共\d+张|展开全文c?)\s*$")


class File(NamedTuple):
    """One file of a public repository at one commit; a branch before a colon is no part of the path."""

    repository: str
    commit: str
    path: str

    @property
    def place(self) -> str:
        """Where it lies below the base address."""
        return f"{self.repository}/{self.commit}/{self.path.rpartition(':')[2]}"


def files_of(wanted: Mapping[str, Row], only: str = "") -> dict[File, list[Row]]:
    """Return the files that hold the labelled posts, with their labels."""
    found: dict[File, list[Row]] = {}
    for label in wanted.values():
        if only in label["source_repo"]:
            file = File(label["source_repo"], label["commit"], label["path"])
            found.setdefault(file, []).append(label)
    return dict(sorted(found.items()))


def fetched(file: File, base: str, folder: Path) -> Path:
    """Return the file on this disk; fetch it where it is not there yet. Raise OSError where it is gone."""
    if Path(base).is_dir():
        target = Path(base) / file.place
        if not target.is_file():
            raise FileNotFoundError(str(target))
        return target
    name = hashlib.sha256(file.place.encode()).hexdigest()[:16]
    target = folder / "files" / name / Path(file.place).name
    if not target.exists():
        address = f"{base.rstrip('/')}/{urllib.parse.quote(file.place)}"
        with urllib.request.urlopen(address, timeout=SECONDS) as answer:
            content = answer.read()
        target.parent.mkdir(parents=True, exist_ok=True)
        part = target.with_suffix(".part")
        part.write_bytes(content)
        part.replace(target)
    return target


def records(path: Path) -> Iterator[Row]:
    """Yield every title, text and reply that a file may mean: as posts, and cell by cell."""
    try:
        for post in read_posts([str(path)]).posts:
            if not isinstance(post, Excluded):
                yield {"title": post.title, "text": post.text, "reply": post.reply, "account": post.account}
    except GovcodeError:
        pass
    try:
        for row in open_table(path).rows:
            if not isinstance(row, Excluded):
                cells = [str(value) for value in row.values.values() if value]
                yield from ({"title": "", "text": cell, "reply": ""} for cell in cells)
                yield from ({"title": a, "text": b, "reply": ""} for a in cells[:6] for b in cells[:8])
    except GovcodeError:
        pass


def variants(record: Row) -> Iterator[Row]:
    """Yield a record as it is and as collectors clean it: stripped, without tags and trailing marks."""
    yield record
    texts = {key: record.get(key) or "" for key in ("title", "text", "reply")}
    for clean in (str.strip, _untagged, _unmarked, _one_line):
        yield {key: clean(value) for key, value in texts.items()} | {"account": record.get("account", "")}
    yield {"title": texts["title"].strip(), "text": "", "reply": "", "account": record.get("account", "")}


def _untagged(text: str) -> str:
    return _TAG.sub("", text).strip()


def _unmarked(text: str) -> str:
    return _TRAILING.sub("", text.strip()).strip()


def _one_line(text: str) -> str:
    return " ".join(text.split())


def rebuilt(path: Path, wanted: list[Row], digests: Mapping[str, str]) -> dict[str, Row]:
    """Return the posts of a file whose text is the one that was coded, by post id."""
    open_ids: dict[str, list[str]] = {}
    for label in wanted:
        open_ids.setdefault(digests[label["post_id"]], []).append(label["post_id"])
    found: dict[str, Row] = {}
    for record in records(path):
        for candidate in variants(record):
            for post_id in open_ids.pop(digest(candidate), ()):
                found[post_id] = candidate
        if not open_ids:
            break
    return found


def put_together(folder: Path, base: str, only: str = "") -> Counter[str]:
    """Write posts.jsonl and missing.jsonl under `folder`; return how many posts came out how."""
    folder.mkdir(parents=True, exist_ok=True)
    digests = {row["post_id"]: row["digest"] for row in rows(TRAINING / "digests.jsonl")}
    counts: Counter[str] = Counter()
    with (
        (folder / "posts.jsonl").open("w", encoding="utf-8") as posts,
        (folder / "missing.jsonl").open("w", encoding="utf-8") as missing,
    ):
        for file, wanted in files_of(labels(), only).items():
            found, reason = _found(file, wanted, base, folder, digests)
            counts["rebuilt"] += len(found)
            for label in wanted:
                if post := found.get(label["post_id"]):
                    _write(posts, label | post)
                else:
                    counts[reason] += 1
                    _write(missing, label | {"reason": reason})
    return counts


def _found(
    file: File, wanted: list[Row], base: str, folder: Path, digests: Mapping[str, str]
) -> tuple[dict[str, Row], str]:
    try:
        path = fetched(file, base, folder)
    except (OSError, urllib.error.URLError):
        return {}, "no-file"
    try:
        return rebuilt(path, wanted, digests), "no-record"
    except (GovcodeError, ValueError, OSError):
        return {}, "unreadable"


def _write(file: object, row: Row) -> None:
    file.write(json.dumps(row, ensure_ascii=False, sort_keys=True) + "\n")  # type: ignore[attr-defined]


def main() -> int:
    """Put the corpus together; 1 where a post could not be rebuilt."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--base-url", default=ADDRESS, help="address, or the folder of a mirror")
    parser.add_argument("--only", default="", help="repositories whose name holds this")
    options = parser.parse_args()
    counts = put_together(options.folder, options.base_url, options.only)
    missing = sum(counts.values()) - counts["rebuilt"]
    why = ", ".join(f"{name} {number}" for name, number in sorted(counts.items()) if name != "rebuilt")
    told = f" ({why})" if missing else ""
    sys.stdout.write(f"{counts['rebuilt']} posts rebuilt, {missing} not{told}\n")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
