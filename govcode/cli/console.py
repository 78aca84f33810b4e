"""Where people read: messages, tables and bars on stderr; results on stdout."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from govcode.errors import OutputError

if TYPE_CHECKING:
    from rich.console import Console


@dataclass
class State:
    """What the common options of this run say."""

    quiet: bool = False
    debug: bool = bool(os.environ.get("GOVCODE_DEBUG"))


STATE = State()


class _Closed(io.RawIOBase):
    """Stand for a standard output that the shell has closed."""

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        raise OutputError("Standard output is closed.", hint="Write to a file with -o.")


def open_streams() -> None:
    """Make closed streams safe, and let no encoding of a terminal or locale stop a message."""
    if sys.stdin is None:
        sys.stdin = Path(os.devnull).open(encoding="utf-8")  # noqa: SIM115 - as long as the process
    if sys.stderr is None:
        sys.stderr = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115
    if sys.stdout is None:
        sys.stdout = io.TextIOWrapper(_Closed(), encoding="utf-8", write_through=True)
    elif isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")


def console(*, stderr: bool = True) -> Console:
    """Return a rich console for stderr (or stdout); colour only where a person looks (NO_COLOR is kept)."""
    from rich.console import Console

    class Steady(Console):
        """A console that leaves a reader who has gone to the one place where errors become exit codes."""

        def on_broken_pipe(self) -> None:
            raise BrokenPipeError

    stream = sys.stderr if stderr else sys.stdout
    return Steady(stderr=stderr, highlight=False, soft_wrap=not stream.isatty())


def say(message: str) -> None:
    """Tell the user something on stderr, unless `--quiet`."""
    if not STATE.quiet:
        print(message, file=sys.stderr)  # noqa: T201 - the console's own door


def warn(message: str) -> None:
    """Warn on stderr, also with `--quiet`."""
    print(f"govcode: warning: {message}", file=sys.stderr)  # noqa: T201


def fail(message: str, hint: str = "") -> None:
    """Print an error as one line, with the next step on a second."""
    print(f"govcode: {message}" + (f"\n  {hint}" if hint else ""), file=sys.stderr)  # noqa: T201


def print_json(data: Any) -> None:
    """Print a result as JSON on stdout."""
    import json

    plain = (sys.stdout.encoding or "").lower().replace("-", "") != "utf8"  # then \\u escapes, always valid
    sys.stdout.write(json.dumps(data, ensure_ascii=plain, indent=2, allow_nan=False) + "\n")


@contextmanager
def progress(
    items: Iterable[Any], description: str, total: int | None = None, size: Callable[[Any], int] | None = None
) -> Iterator[Iterable[Any]]:
    """Show a bar with rate and time left while `items` pass; nothing off a terminal or with `--quiet`.

    An item counts `size(item)`, else one.
    """
    if STATE.quiet or not sys.stderr.isatty():
        yield items
        return
    from rich import progress as rich_progress

    columns = (
        rich_progress.TextColumn("{task.description}"),
        rich_progress.BarColumn(),
        rich_progress.MofNCompleteColumn(),
        rich_progress.TextColumn("{task.fields[rate]}"),
        rich_progress.TimeElapsedColumn(),
        rich_progress.TimeRemainingColumn(),
    )
    with rich_progress.Progress(*columns, console=console(), transient=True) as bar:
        task = bar.add_task(description, total=total, rate="")

        def advance() -> Iterator[Any]:
            pending = 0
            for item in items:
                yield item
                pending += size(item) if size else 1
                if pending >= 64:
                    speed = bar.tasks[task].speed
                    bar.update(task, advance=pending, rate=f"{speed:,.0f}/s" if speed else "")
                    pending = 0
            bar.update(task, advance=pending)

        yield advance()
