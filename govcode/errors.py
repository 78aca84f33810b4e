"""The errors a user can meet: each one sentence, each with the way out.

Every error that leaves govcode on purpose is a `GovcodeError`. The command line turns it into one
line on stderr and the exit code of its class; any other exception is a fault of govcode itself.
"""

from __future__ import annotations

from collections.abc import Iterable


class GovcodeError(Exception):
    """Report a failure: what happened, where, and what to do next.

    `message` is one sentence naming the file, line and bad value; `hint` is the next step.
    """

    exit_code = 1
    slug = "failed"

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} {self.hint}".strip()


class UsageError(GovcodeError):
    """Report an option or argument that does not fit (exit code 2)."""

    exit_code = 2
    slug = "usage"


class InputError(GovcodeError):
    """Report a file that cannot be read as what it should be."""

    slug = "input"


class OutputError(GovcodeError):
    """Report an output that cannot be written; nothing half-written is left behind."""

    slug = "output"


class CodebookError(GovcodeError):
    """Report a codebook that does not hold together."""

    slug = "codebook"


class CodingError(GovcodeError):
    """Report codings that do not fit the codebook, the posts or each other."""

    slug = "coding"


class NotComputableError(GovcodeError):
    """Report a figure that the data cannot support, instead of printing nonsense."""

    slug = "not-computable"


class MissingExtraError(GovcodeError):
    """Report an optional package that is not installed, with the line that installs it."""

    slug = "missing-extra"

    def __init__(self, what: str, *, extra: str) -> None:
        super().__init__(
            f"{what} needs an optional package.", hint=f"Install it: pip install 'govcode[{extra}]'"
        )


class GateError(GovcodeError):
    """Report that a gate such as `--fail-under` was not met (exit code 3)."""

    exit_code = 3
    slug = "gate"


class HashMismatchError(GovcodeError):
    """Report a codebook, model or manifest that is not the one expected (exit code 4)."""

    exit_code = 4
    slug = "hash-mismatch"


def choices(values: Iterable[str]) -> str:
    """List valid choices for a message: `a, b, c`."""
    return ", ".join(values)
