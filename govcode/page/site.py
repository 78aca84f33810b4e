"""What the server knows while it runs: sheets, codebook, people, and how the page is to behave."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from govcode.codebook.model import Codebook
from govcode.errors import GovcodeError
from govcode.page.ledger import CODING, GOLD, Choice, Ledger
from govcode.page.sessions import ADJUDICATOR, Person, Sessions
from govcode.page.store import Store
from govcode.records import NA, Coding

NOTE_LIMIT = 2000
LANGUAGES = ("zh", "en")


class Refusal(GovcodeError):  # noqa: N818 - what the page does, not what went wrong in it
    """Refuse a request with an HTTP status and a slug; nothing has been changed."""

    def __init__(self, status: int, slug: str) -> None:
        super().__init__(slug)
        self.status = status
        self.slug = slug


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet under its file's name, with its store."""

    name: str
    store: Store
    path: Path = Path()


@dataclass
class Site:
    """One run of the page.

    `suggestions` maps post ids to a machine's codings and is empty in blind mode, so that the page
    cannot show what the server does not have. `others` are
    codings read from files; `frame` holds strata and probabilities of the sample, by post id.
    """

    sheets: Sequence[Sheet]
    codebook: Codebook
    sessions: Sessions = field(default_factory=Sessions)
    language: str = "zh"
    show_account: bool = False
    suggestions: Mapping[str, Coding] = field(default_factory=dict)
    others: Sequence[Coding] = ()
    frame: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    gate: float = 0.667
    group: bool = False
    stop: Any = None
    """What ends the server, or None where the page may not."""

    @property
    def assisted(self) -> bool:
        """Return whether the machine's suggestion is shown (and recorded with every decision)."""
        return bool(self.suggestions)

    def sheet(self, number: Any) -> Sheet:
        """Return the sheet with this number; the browser never names a file."""
        if isinstance(number, str) and number.isascii() and number.isdigit():
            number = int(number)
        if not isinstance(number, int) or isinstance(number, bool) or not 0 <= number < len(self.sheets):
            raise Refusal(404, "no-such-sheet")
        return self.sheets[number]

    def ledger(self, person: Person, sheet: Sheet) -> Ledger:
        """Return the person's own ledger; there is no way to ask for another's."""
        role = GOLD if person.role == ADJUDICATOR else CODING
        return Ledger(sheet.store, person.name, role=role, codebook=self.codebook.hash)


def read_choice(codebook: Codebook, data: Mapping[str, Any]) -> Choice:
    """Check what the browser sent against the codebook and return it as a choice.

    Raises Refusal for a code, form or rule that the codebook does not have or allow together.
    """
    code, form = clean_text(data, "code"), clean_text(data, "form")
    secondary, rule = clean_text(data, "secondary"), clean_text(data, "rule")
    if code not in ("", NA, *codebook.ids):
        raise Refusal(400, "unknown-code")
    coded = code in codebook.ids
    allowed = [c.id for c in codebook.codes if c.secondary and c.id != code]
    if secondary and (not coded or secondary not in allowed):
        raise Refusal(400, "unfit-secondary")
    if form and (not coded or form not in (f.id for f in codebook.forms_of(code))):
        raise Refusal(400, "unfit-form")
    known = {r.id for r in codebook.rules}
    if any(r not in known for r in rule.split()):
        raise Refusal(400, "unknown-rule")
    sure = data.get("sure", True)
    if not isinstance(sure, bool):
        raise Refusal(400, "unfit-sure")
    note = clean_text(data, "note", NOTE_LIMIT).replace("\r\n", "\n")
    return Choice(code, secondary, form, sure, note, " ".join(rule.split()))


def clean_text(data: Mapping[str, Any], key: str, limit: int = 200) -> str:
    """Return a text the browser sent, refused where it is too long or holds half characters."""
    value = data.get(key, "")
    if not isinstance(value, str) or len(value) > limit:
        raise Refusal(400, f"unfit-{key}")
    if any(0xD800 <= ord(c) <= 0xDFFF for c in value):  # half a character cannot be stored
        raise Refusal(400, f"unfit-{key}")
    return value.replace("\x00", "")
