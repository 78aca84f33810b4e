"""What the command does around the server: people, links, suggestions, and the codings at the end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from govcode.adjudication import GOLD
from govcode.codebook.load import load_codebook
from govcode.codebook.model import Codebook
from govcode.errors import InputError, UsageError
from govcode.intercoder.results import TENTATIVE as RELIABILITY_GATE
from govcode.page.collected import all_codings
from govcode.page.export import COLUMNS, coding_rows
from govcode.page.gold import gold_columns, gold_rows, settle
from govcode.page.sessions import ADJUDICATOR, CODER, SUPERVISOR, Person, new_token, token_hash
from govcode.page.sheets import open_sheets
from govcode.page.site import LANGUAGES, Site
from govcode.readers.codings import Codings, read_codings
from govcode.readers.lookup import read_columns
from govcode.readers.tables import open_table
from govcode.records import Coding, Row
from govcode.workflow.adjudicate import FRAME, FRAME_EXTRA
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


def export(site: Site, output: str, *, coder: str | None = None, gold: bool = False) -> Written:
    """Write the codings that stand (of one coder or of all), or gold, with a manifest; whole or absent."""
    rows = gold_rows(site) if gold else coding_rows([sheet.store for sheet in site.sheets], coder)
    coders: dict[str, None] = {}
    number = 0
    with open_writer(output, gold_columns(site) if gold else COLUMNS) as writer:
        for row in rows:
            writer.write(row)
            coders[row["coder"]] = None
            number += 1
    book = site.codebook
    manifest = Manifest(
        command="code",
        options={"coder": coder, "adjudicate": gold},
        inputs=[file_record(sheet.path) for sheet in site.sheets],
        outputs=[file_record(output, rows=number)],
        codebook={"id": book.id, "version": book.version, "hash": book.hash},
        counts={"rows": number, **(settle(site).counts() if gold else {})},
    )
    write_manifest(output, manifest)
    return Written(output, number, tuple(coders))


@dataclass(frozen=True, slots=True)
class Opened:
    """A site that is ready, with what was left out of its inputs and what is worth telling."""

    site: Site
    notes: tuple[str, ...]
    excluded: dict[str, int]

    def cautions(self, people: Sequence[Person]) -> list[str]:
        """Return what speaks against how the coding is being done."""
        found = []
        if self.site.assisted:
            found.append(
                "assisted codings measure agreement with the machine too: not for reliability or gold"
            )
        coders = {coding.coder for coding in all_codings(self.site.sheets, self.site.others)}
        found.extend(
            f"{person.name} has coded these posts; a third person should adjudicate"
            for person in people
            if person.role == ADJUDICATOR and person.name in coders
        )
        return found

    def people(self, names: Sequence[str], *, adjudicate: bool, supervise: bool) -> list[Person]:
        """Return who may come in; a sheet drawn for one coder knows the name.

        Raises UsageError where the options do not go together.
        """
        own = self.site.sheets[0].store.get("coder")
        if not names and own and not (adjudicate or supervise):
            names = [own]
        checked = [check_name(name) for name in dict.fromkeys(names)]
        if adjudicate and len(checked) != 1:
            raise UsageError("One person adjudicates.", hint="Give one name: --adjudicate --coder NAME")
        found = [Person(name, ADJUDICATOR if adjudicate else CODER) for name in checked]
        if supervise:
            found.append(Person(SUPERVISOR, SUPERVISOR))
        if len(found) > 1 and not self.site.group:
            raise UsageError(
                "Several people need --host.",
                hint="Alone on this machine, give one --coder (or --supervise).",
            )
        return found


def open_site(
    sheets: Sequence[Path], closing: ExitStack, *, codebook: str, codings: Sequence[Path] = (),
    frame: str | None = None, assisted: str | None = None, language: str = "zh", show_account: bool = False,
    gate: float | None = None, group: bool = False, form: str | None = None, encoding: str | None = None,
) -> Opened:  # fmt: skip
    """Open sheets, codebook, others' codings and suggestions, and return the site; nothing serves yet."""
    if language not in LANGUAGES:
        raise UsageError(f"'{language}' is not a language of the page.", hint="Choose from: zh, en.")
    book = load_codebook(codebook)
    taken = open_sheets(sheets, book, closing, form=form, encoding=encoding)
    others = read_codings(codings, codebook=book) if codings else Codings()
    site = Site(
        taken.sheets, book, language=language, show_account=show_account, group=group,
        suggestions=read_suggestions(assisted, book) if assisted else {},
        others=[coding for coding in others if coding.coder != GOLD],
        frame=read_columns([frame], FRAME, optional=FRAME_EXTRA) if frame else {},
        gate=RELIABILITY_GATE if gate is None else gate,
    )  # fmt: skip
    excluded = Counter(taken.excluded) + Counter(row.reason for row in others.excluded)
    return Opened(site, (*taken.notes, *others.notes), dict(excluded))
