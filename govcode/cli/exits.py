"""The one place where errors become a sentence and an exit code."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import typer

from govcode.cli.console import STATE, fail
from govcode.errors import GovcodeError

# What the parser raises on purpose: ClickException under the name that Typer shows.
_PARSING: tuple[type[BaseException], ...] = (typer.Exit, typer.Abort, typer.BadParameter.__mro__[2])
INTERRUPTED = 130
PIPE_CLOSED = 141


@contextmanager
def errors_told() -> Iterator[None]:
    """Tell an error in one sentence and end with its exit code; with --debug it goes on its way."""
    try:
        yield
    except KeyboardInterrupt:
        fail("interrupted; nothing half-written was left under its name.")
        _leave_at_once()
        raise SystemExit(INTERRUPTED) from None
    except BrokenPipeError:
        _close_stdout()
        raise SystemExit(PIPE_CLOSED) from None
    except _PARSING:
        raise
    except Exception as error:
        if STATE.debug:
            raise
        raise SystemExit(_told(error)) from error


def _told(error: Exception) -> int:
    """Tell an error; return the exit code."""
    if isinstance(error, GovcodeError):
        fail(error.message, error.hint)
        return error.exit_code
    if isinstance(error, OSError):
        fail(
            f"{error.filename or 'output'}: {error.strerror or error}.",
            "What was written is not complete; mend the cause and run it again.",
        )
        _forget_output()
    else:
        fail(
            f"fault in govcode itself: {type(error).__name__}: {error}",
            "Please report it with what --debug prints.",
        )
    return GovcodeError.exit_code


def _leave_at_once() -> None:
    """End the process without waiting for threads that feed workers; what was open is closed by now."""
    if len(threading.enumerate()) > 1:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(INTERRUPTED)


def _forget_output() -> None:
    """Forget what waits for a stdout that takes no more: Python would try again at its end and exit 120."""
    try:
        sys.stdout.flush()
    except (OSError, ValueError, AttributeError):
        with suppress(OSError, ValueError, AttributeError):
            _close_stdout()


def _close_stdout() -> None:
    """Point stdout nowhere, so that Python's own flush at exit stays quiet."""
    devnull = os.open(os.devnull, os.O_WRONLY)
    os.dup2(devnull, sys.stdout.fileno())
