"""How far the coders are, and whether they still agree: for the one who runs the coding.

Alpha, its interval and drift are those of `govcode reliability`; only the alarm is decided here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from govcode.codebook.model import Codebook
from govcode.errors import NotComputableError
from govcode.intercoder.analysis import analyse
from govcode.intercoder.results import Drift, Reliability
from govcode.metrics.figures import Figure
from govcode.page.collected import all_codings
from govcode.page.ledger import Ledger, entries, people
from govcode.page.site import Sheet, Site
from govcode.records import Coding

OVERALL = "overall"
FEWEST_POSTS = 30  # posts coded by two, below which no alarm is raised
FEWEST_USES = 10  # the same for one code: posts to which somebody gave it
_DRAWS = 1000
_CERTAIN = 0.05

MET, ALARM, NOT_YET = "met", "alarm", "not-yet"


@dataclass(frozen=True, slots=True)
class CoderProgress:
    """One coder on one sheet; `seconds` is the median of the latest posts, `left` what the rest will take."""

    coder: str
    sheet: str
    posts: int
    coded: int
    na: int
    skipped: int
    unsure: int
    remaining: int
    seconds: float | None
    left: float | None
    latest: str
    assisted: int
    shares: dict[str, float]


@dataclass(frozen=True, slots=True)
class AlphaLine:
    """Alpha of the code (`overall`) or of one code against the rest, and what the gate says of it."""

    what: str
    posts: int
    figure: Figure
    verdict: str


@dataclass(frozen=True, slots=True)
class Supervision:
    """Everything on the supervision page. `drifting` names coders whose agreement or codes have moved."""

    coders: tuple[CoderProgress, ...]
    overlap: int
    gate: float
    alphas: tuple[AlphaLine, ...]
    drift: tuple[Drift, ...]
    drifting: tuple[str, ...]
    alarms: tuple[str, ...]


def supervise(site: Site) -> Supervision:
    """Look at all sheets: progress, alpha with interval on the overlap, drift, alarms.

    An alarm is raised where the lower end of an interval lies under the gate, once 30 posts have been
    coded by two (and, for one code, 10 posts have been given it by somebody).
    """
    progress = tuple(line for sheet in site.sheets for line in _progress(sheet, site.codebook))
    codings = all_codings(site.sheets, site.others)
    result = _reliability(codings, site.codebook)
    if result is None:
        return Supervision(progress, 0, site.gate, (), (), (), ())
    alphas = _alphas(result, site.gate)
    drifting = tuple(d.coder for d in result.drift if min(d.p, d.shift_p) < _CERTAIN)
    alarms = tuple(line.what for line in alphas if line.verdict == ALARM)
    return Supervision(progress, result.overlap, site.gate, alphas, result.drift, drifting, alarms)


def _progress(sheet: Sheet, codebook: Codebook) -> list[CoderProgress]:
    lines = []
    for name in people(sheet.store):
        tally = Ledger(sheet.store, name).tally()
        own = list(entries(sheet.store, coder=name))
        codes = [entry.coding.code for entry in own]
        shares = {code: codes.count(code) / len(codes) for code in codebook.ids} if codes else {}
        lines.append(
            CoderProgress(
                name, sheet.name, tally.posts, tally.coded, tally.na, tally.skipped, tally.unsure,
                tally.remaining, tally.seconds, tally.seconds * tally.remaining if tally.seconds else None,
                max((entry.coding.coded_at for entry in own), default=""),
                sum(entry.assisted for entry in own), shares,
            )
        )  # fmt: skip
    return lines


def _reliability(codings: Sequence[Coding], codebook: Codebook) -> Reliability | None:
    try:
        return analyse(codings, codes=codebook.ids, rules=[r.id for r in codebook.rules], draws=_DRAWS)
    except NotComputableError:
        return None


def _alphas(result: Reliability, gate: float) -> tuple[AlphaLine, ...]:
    enough = result.overlap >= FEWEST_POSTS
    whole = result.overall["alpha"]
    lines = [AlphaLine(OVERALL, result.overlap, whole, _verdict(whole, gate, enough))]
    for code in result.per_code:
        figure = code.figures["alpha"]
        verdict = _verdict(figure, gate, enough and code.used >= FEWEST_USES)
        lines.append(AlphaLine(code.code, code.used, figure, verdict))
    return tuple(lines)


def _verdict(figure: Figure, gate: float, enough: bool) -> str:
    if not enough or figure.low != figure.low:
        return NOT_YET
    return MET if figure.low >= gate else ALARM
