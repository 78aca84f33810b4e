"""`govcode code`: people code posts in the browser."""

from __future__ import annotations

import signal
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from govcode.cli.console import print_json, say, warn
from govcode.cli.options import Encoding, FormIn, Json, NamedCodebook
from govcode.errors import GateError, MissingExtraError, UsageError

if TYPE_CHECKING:
    from govcode.page.sessions import Person
    from govcode.page.site import Site

app = typer.Typer(add_completion=False)
LOCAL = "127.0.0.1"
LOOPBACK = (LOCAL, "localhost", "::1")


@app.command()
def code(
    sheets: list[Path] = typer.Argument(help="Coding sheets (from `govcode sample`, or any posts table)."),
    coder: list[str] = typer.Option([], "--coder",
        help="Your name (default: the sheet's own); in a group, once each.",
    ),
    adjudicate: bool = typer.Option(False, "--adjudicate",
        help="Decide disagreements instead of coding; --export writes gold.",
    ),
    status: bool = typer.Option(False, "--status",
        help="Print progress, alpha on the overlap, drift and alarms; no page.",
    ),
    supervise: bool = typer.Option(False, "--supervise", help="The same as a page (also beside a group)."),
    codings: list[Path] = typer.Option([], "--codings",
        help="Codings of others from files, for --status, --supervise and --adjudicate (repeat).",
    ),
    frame: str | None = typer.Option(None, "--frame",
        help="Frame file of the sample, for --adjudicate: strata and probabilities go into gold.",
    ),
    export: str | None = typer.Option(None, "--export",
        help="Write the codings here: at once without --coder, else when the page closes.",
    ),
    codebook: NamedCodebook = "functions",
    gate: float | None = typer.Option(None, "--gate", min=-1, max=1,
        help="Alarm where alpha's lower bound is under this (default .667); with --status, exit code 3.",
    ),
    as_json: Json = False,
    assisted: str | None = typer.Option(None, "--assisted",
        help="Show the codes of this coded table; that it was shown is recorded.",
    ),
    show_account: bool = typer.Option(False, "--show-account", help="Show who published the post."),
    language: str = typer.Option("zh", "--lang", help="Language of the page: zh or en."),
    host: str = typer.Option(LOCAL, "--host",
        help="Address for a group on one network; each coder gets a link of their own, shown once.",
    ),
    port: int = typer.Option(0, "--port", min=0, max=65535, help="Port (default: any free one)."),
    new_tokens: bool = typer.Option(False, "--new-tokens", help="With --host: give everyone a new link."),
    browser: bool = typer.Option(True, "--browser/--no-browser", help="Open the browser."),
    source: FormIn = None,
    encoding: Encoding = None,
) -> None:  # fmt: skip
    """Code posts in the browser, every keystroke stored at once; adjudicate; supervise. 编码页面.

    Examples: govcode code sheet.xlsx --coder li · govcode code sheet.xlsx --status ·
    govcode code sheet.xlsx --adjudicate --coder zhao --export gold.csv
    """
    from govcode.page.study import export as write
    from govcode.page.study import open_site

    with ExitStack() as closing:
        opened = open_site(
            sheets, closing, codebook=codebook, codings=codings, frame=frame, assisted=assisted,
            language=language, show_account=show_account, gate=gate, group=host not in LOOPBACK,
            form=source, encoding=encoding,
        )  # fmt: skip
        for note in opened.notes:
            say(note)
        for reason, number in opened.excluded.items():
            warn(f"{number} rows were left out ({reason}).")
        if status:
            _status(opened.site, as_json=as_json, gated=gate is not None)
            return
        people = []
        if not export or coder or supervise:
            people = opened.people(coder, adjudicate=adjudicate, supervise=supervise)
        if not people and not export:
            raise UsageError("Who codes?", hint="Give your name: govcode code SHEET --coder NAME")
        for caution in opened.cautions(people):
            warn(caution)
        if people:
            _serve(opened.site, people, host, port, browser=browser, renew=new_tokens)
        if export:
            one = people[0].name if len(people) == 1 and not adjudicate and not supervise else None
            done = write(opened.site, export, coder=one, gold=adjudicate)
            say(f"{done.rows} rows by {', '.join(done.coders) or 'nobody'} → {export}")


def _serve(site: Site, people: list[Person], host: str, port: int, *, browser: bool, renew: bool) -> None:
    """Run the page until Ctrl+C or its own button ends it."""
    from govcode.page.store import SUFFIX
    from govcode.page.study import admit, link

    try:
        from govcode.page.serve import listen, open_browser, serve
    except ImportError as error:
        raise MissingExtraError("The coding page", extra="page") from error
    door = listen(host, port)
    number = door.getsockname()[1]
    tokens = admit(site, people, lasting=site.group, renew=renew)
    links = {person: link(host, number, token) for person, token in tokens.items()}

    def ready() -> None:
        _tell(site, links, host, number)
        if browser and not site.group:
            open_browser(next(iter(links.values())))

    signal.signal(signal.SIGTERM, signal.default_int_handler)
    first = site.sheets[0].path
    log = first.with_name(f"{first.name}.refused.log")
    with suppress(KeyboardInterrupt):
        serve(site, door, host=host, log=log, ready=ready, stoppable=not site.group)
    door.close()
    say(f"Everything is stored in {first.name}{SUFFIX}; the same command goes on where you left.")


def _tell(site: Site, links: dict[Person, str], host: str, port: int) -> None:
    """Show the links; in a group they are shown this once."""
    for person, url in links.items():
        typer.echo(f"{person.name}: {url}", err=True)  # also with --quiet
    known = [person.name for person in site.sessions.people() if person not in links]
    if known:
        say(
            f"{', '.join(known)}: the link given before works (at {host}:{port}); --new-tokens gives another."
        )
    if site.group:
        warn("the page is open to the network, without encryption; each link is for one person, shown once.")
    say("Ctrl+C ends the page. 按 Ctrl+C 结束。")


def _status(site: Site, *, as_json: bool, gated: bool) -> None:
    """Print what the supervision page shows."""
    from govcode.metrics.figures import as_data
    from govcode.page.supervision import supervise

    found = supervise(site)
    if as_json:
        print_json(as_data(found))
    else:
        _print(found)
    for what in found.alarms:
        warn(f"alpha of {what}: its lower bound is under the gate of {found.gate}.")
    for name in found.drifting:
        warn(f"{name} may be drifting: agreement or codes have changed over the work.")
    if gated and found.alarms:
        raise GateError(
            f"alpha is under the gate of {found.gate} for {', '.join(found.alarms)}.",
            hint="Stop, train the coders again, then code a new sample.",
        )


def _print(found: Any) -> None:
    from govcode.cli.figures import number, p_value, show, show_table, with_interval

    columns = ["coder", "sheet", "coded", "NA", "unsure", "skipped", "remaining", "s per post", "h left"]
    rows = [
        [c.coder, c.sheet, f"{c.coded + c.na}/{c.posts}", str(c.na), str(c.unsure), str(c.skipped),
         str(c.remaining), f"{c.seconds:.0f}" if c.seconds else "–",
         f"{c.left / 3600:.1f}" if c.left is not None else "–"]
        for c in found.coders
    ]  # fmt: skip
    if not rows:
        show("Nobody has begun: govcode code SHEET --coder NAME")
        return
    show_table("Progress", columns, rows)
    if not found.alphas:
        show("\nAlpha appears once two coders have coded the same posts.")
        return
    title = f"Krippendorff's alpha on {found.overlap} posts coded by two or more (gate {found.gate})"
    rows = [[a.what, str(a.posts), with_interval(a.figure), a.verdict] for a in found.alphas]
    show_table(title, ["code", "posts", "alpha [95%]", "gate"], rows)
    if found.drift:
        rows = [
            [d.coder, *(number(p.agreement, 2) for p in d.parts), p_value(d.p),
             f"{d.shift_code} {d.shift:+.2f}", p_value(d.shift_p)]
            for d in found.drift
        ]  # fmt: skip
        columns = ["coder", "agreement 1/3", "2/3", "3/3", "p", "largest change", "p"]
        show_table("Drift over each coder's work", columns, rows)
