"""`govcode code`: people code posts in the browser."""

from __future__ import annotations

import signal
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from govcode.cli.console import say, warn
from govcode.errors import MissingExtraError, UsageError

if TYPE_CHECKING:
    from govcode.page.sessions import Person
    from govcode.page.site import Site

app = typer.Typer(add_completion=False)
LOCAL = "127.0.0.1"


@app.command()
def code(
    sheets: list[Path] = typer.Argument(
        ..., help="Coding sheets (from `govcode sample`, or any posts table)."
    ),
    coder: list[str] = typer.Option([], "--coder", help="Your name as a coder; in a group, once for each."),
    codebook: str = typer.Option("functions", "--codebook", help="Codebook: a name or a TOML file."),
    export: str = typer.Option(
        None, "--export", help="Write the codings here, at once or when the page closes."
    ),
    host: str = typer.Option(
        LOCAL, "--host", help="Address for a group on one network (default: this machine)."
    ),
    port: int = typer.Option(0, "--port", min=0, max=65535, help="Port (default: any free one)."),
    browser: bool = typer.Option(True, "--browser/--no-browser", help="Open the browser."),
    assisted: str = typer.Option(
        None, "--assisted", help="Show the codes of this coded table; it is recorded."
    ),
    show_account: bool = typer.Option(False, "--show-account", help="Show who published the post."),
    renew: bool = typer.Option(False, "--new-tokens", help="With --host: give everyone a new link."),
    language: str = typer.Option("zh", "--lang", help="Language of the page: zh or en."),
    form: str = typer.Option(None, "--from", help="Form of the sheets, if their names do not tell."),
    encoding: str = typer.Option(None, "--encoding", help="Encoding of the sheets."),
) -> None:
    """Code posts in the browser, with everything stored at once 编码页面.

    Examples: govcode code sheet.xlsx --coder li · govcode code sheet.xlsx --export codings.csv
    """
    from govcode.codebook.load import load_codebook
    from govcode.page.sheets import open_sheets
    from govcode.page.site import LANGUAGES, Site
    from govcode.page.study import check_name, read_suggestions
    from govcode.page.study import export as write

    if language not in LANGUAGES:
        raise UsageError(f"'{language}' is not a language of the page.", hint="Choose from: zh, en.")
    if not coder and not export:
        raise UsageError("Who codes?", hint="Give your name: govcode code SHEET --coder NAME")
    book = load_codebook(codebook)
    names = [check_name(name) for name in coder]
    with ExitStack() as closing:
        taken = open_sheets(sheets, book, closing, form=form, encoding=encoding)
        for note in taken.notes:
            say(note)
        for reason, number in taken.excluded.items():
            warn(f"{number} rows of the sheet were left out ({reason}).")
        site = Site(
            taken.sheets, book, language=language, show_account=show_account, group=host != LOCAL,
            suggestions=read_suggestions(assisted, book) if assisted else {},
        )  # fmt: skip
        if names:
            _serve(site, names, host, port, browser=browser, renew=renew)
        if export:
            written = write(taken.sheets, export, book, names[0] if len(names) == 1 else None)
            say(f"{written.rows} codings by {', '.join(written.coders) or 'nobody'} → {export}")


def _serve(site: Site, names: list[str], host: str, port: int, *, browser: bool, renew: bool) -> None:
    """Run the page until Ctrl+C or its own button ends it."""
    from govcode.page.sessions import CODER, Person
    from govcode.page.store import SUFFIX
    from govcode.page.study import admit, link

    try:
        from govcode.page.serve import listen, open_browser, serve
    except ImportError as error:
        raise MissingExtraError("The coding page", extra="page") from error
    if len(names) > 1 and not site.group:
        raise UsageError("Several coders need --host.", hint="Alone on this machine, give one --coder.")
    door = listen(host, port)
    number = door.getsockname()[1]
    tokens = admit(site, [Person(name, CODER) for name in names], lasting=site.group, renew=renew)
    links = {person: link(host, number, token) for person, token in tokens.items()}

    def ready() -> None:
        _tell(site, links, host, number)
        if browser and not site.group:
            open_browser(next(iter(links.values())))

    signal.signal(signal.SIGTERM, signal.default_int_handler)
    first = site.sheets[0].path
    try:
        serve(site, door, host=host, log=first.with_name(f"{first.name}.refused.log"), ready=ready,
              stoppable=not site.group)  # fmt: skip
    except KeyboardInterrupt:
        pass
    finally:
        door.close()
    say(f"Everything is stored in {first.name}{SUFFIX}; run the same command to go on.")


def _tell(site: Site, links: dict[Person, str], host: str, port: int) -> None:
    """Show the links; in a group they are shown this once."""
    for person, url in links.items():
        typer.echo(f"{person.name}: {url}", err=True)  # also with --quiet
    known: list[Any] = [p.name for p in site.sessions.people() if p not in links]
    if known:
        say(
            f"{', '.join(known)}: the link given before works (at {host}:{port}); --new-tokens gives another."
        )
    if site.group:
        warn(
            "the page is open to the network, without encryption; each link is for one coder and shown once."
        )
    say("Ctrl+C ends the page. 按 Ctrl+C 结束。")
