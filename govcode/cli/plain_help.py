"""Help for people who do not program: `PATH...` for `{PATH}...`, nothing for `<bool>`, TEXT for `<str>`."""

from __future__ import annotations

import re
from typing import Any

_MARKUP = re.compile(r"(?<!\\)\[")
_WORDS = {"int": "NUMBER", "float": "NUMBER", "Path": "FILE"}


def plain_help(command: Any) -> None:
    """Name what each option of a command takes, and write its usage as manuals do."""
    params = command.get_params
    command.get_params = lambda ctx: [_named(param) for param in params(ctx)]
    command.help, command.epilog = _literal(command.help), _literal(command.epilog)
    command.collect_usage_pieces = lambda ctx: _usage(command)


def _named(param: Any) -> Any:
    word = param.metavar or _takes(param)
    if param.param_type_name == "argument" or getattr(param, "is_flag", False):
        word = ""
    param.display_type_rich = lambda ctx: word
    if getattr(param, "help", None):
        param.help = _literal(param.help)
    return param


def _literal(text: str | None) -> str | None:
    """Keep `govcode[large]` from being read as a colour."""
    return text and _MARKUP.sub(r"\\[", text)


def _takes(param: Any) -> str:
    annotation = str(param.type_descriptor.annotation)
    return next((word for kind, word in _WORDS.items() if kind in annotation), "TEXT")


def _usage(command: Any) -> list[str]:
    arguments = [p for p in command.params if p.param_type_name == "argument"]
    group = ["COMMAND"] if getattr(command, "commands", None) else []
    return [*group, *map(_argument, arguments), "[OPTIONS]"]


def _argument(param: Any) -> str:
    """Write `PATH...`, or `[PATH...]` where it may be left out."""
    name = param.display_name_raw.strip("[]").removesuffix("...").upper()
    name += "..." if param.nargs != 1 else ""
    return name if param.required else f"[{name}]"
