"""Every command and its parameters, as the parser sees them."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from typing import Any

from typer.main import get_command

from govcode.cli.app import STAGES


def every_command() -> dict[str, Any]:
    """Return the commands by what a user types: `classify`, `codebook show` …"""
    found: dict[str, Any] = {}
    for stage in STAGES:
        found |= dict(_walk(get_command(import_module(f"govcode.cli.{stage.name}").app), stage.name))
    return found


def options_of(command: Any) -> dict[str, Any]:
    """Return the options of a command by each of their names (`--output`, `-o`)."""
    return {name: p for p in command.params if p.param_type_name == "option" for name in p.opts}


def _walk(command: Any, name: str) -> Iterator[tuple[str, Any]]:
    inside = getattr(command, "commands", None)
    if not inside:
        yield name, command
    for sub, child in (inside or {}).items():
        yield from _walk(child, f"{name} {sub}")
