"""The optional packages, imported late, with a clear sentence where one is missing."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from govcode.errors import MissingExtraError

RUN = "large"
TRAIN = "transformer"


def needed(package: str, *, what: str = "A transformer model", extra: str = RUN) -> Any:
    """Return the imported package; raise MissingExtraError with the line that installs it."""
    try:
        return import_module(package)
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] != package.partition(".")[0]:
            raise
        raise MissingExtraError(f"{what} ({package})", extra=extra) from error
