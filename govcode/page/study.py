"""What the command does around the server: people, links, suggestions, and the codings at the end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from govcode.codebook.model import Codebook
from govcode.errors import InputError, UsageError
from govcode.page.export import COLUMNS, coding_rows
from govcode.page.sessions import Person, new_token, token_hash
from govcode.page.site import Sheet, Site
from govcode.readers.tables import open_table
from govcode.records import Coding, Row
from govcode.workflow.manifest import Manifest, file_record, write_manifest
from govcode.writers.tables import open_writer

_NAME_LIMIT = 60


@dataclass(frozen=True, slots=True)
class Written:
    """What an export left: where, how many rows, and of whom."""

    path: str
    rows: int
    coders: tuple[str, ...]


def check_name(name: str) -> str:
    """Return a coder's name as it is stored; refuse names that would confuse tables."""
    name = name.strip()
    if not name or len(name) > _NAME_LIMIT or not name.isprintable() or name == "gold":
        raise UsageError(
            f"'{name[:_NAME_LIMIT]}' cannot be the name of a coder.",
            hint="Use up to 60 visible characters, not 'gold': --coder li",
        )
    return name


def admit(site: Site, people: Sequence[Person], *, lasting: bool, renew: bool = False) -> dict[Person, str]:
    """Let people in and return the tokens to show: each is known only now.

    With `lasting` (a group), the hash of a token stays in the first sheet's store, so that links work
    again after a restart; people who have one are not shown another unless `renew`.
    """
    shown: dict[Person, str] = {}
    store = site.sheets[0].store
    for person in people:
        key = f"{person.role}:{person.name}"
        kept = store.token_hash(key) if lasting and not renew else ""
        if not kept:
            shown[person] = new_token()
            kept = token_hash(shown[person])
            if lasting:
                store.set_token_hash(key, kept)
        site.sessions.admit(person, kept)
    return shown


def link(host: str, port: int, token: str, page: str = "") -> str:
    """Return the link that lets someone in; the token stands after `#` and is never sent in a request."""
    host = f"[{host}]" if ":" in host else host
    return f"http://{host}:{port}/{page}#token={token}"


def read_suggestions(path: str, codebook: Codebook) -> dict[str, Coding]:
    """Return a machine's codings from a coded table, by post id; NA and errors suggest nothing."""
    table = open_table(path)
    if not {"post_id", "code"} <= set(table.columns):
        raise InputError(
            f"{path}: has no columns post_id and code.", hint="Give the output of: govcode classify"
        )
    found: dict[str, Coding] = {}
    for row in table:
        if not isinstance(row, Row) or row.values.get("code") not in codebook.ids:
            continue
        values = row.values
        scores = [values.get(f"p_{code}") for code in codebook.ids]
        found[str(values["post_id"])] = Coding(
            str(values["post_id"]), "machine", str(values["code"]),
            secondary=str(values.get("secondary") or ""), form=str(values.get("form") or ""),
            probabilities=tuple(float(p) for p in scores if p not in (None, "")),
        )  # fmt: skip
    return found


def export(sheets: Sequence[Sheet], output: str, codebook: Codebook, coder: str | None = None) -> Written:
    """Write the codings that stand, of one coder or of all, with a manifest; whole or absent."""
    coders: dict[str, None] = {}
    rows = 0
    with open_writer(output, COLUMNS) as writer:
        for row in coding_rows([sheet.store for sheet in sheets], coder):
            writer.write(row)
            coders[row["coder"]] = None
            rows += 1
    manifest = Manifest(
        command="code",
        options={"coder": coder},
        inputs=[file_record(sheet.path) for sheet in sheets],
        outputs=[file_record(output, rows=rows)],
        codebook={"id": codebook.id, "version": codebook.version, "hash": codebook.hash},
        counts={"codings": rows, "coders": len(coders)},
    )
    write_manifest(output, manifest)
    return Written(output, rows, tuple(coders))
