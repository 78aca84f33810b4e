"""Defaults of options from `govcode.toml` in the working folder; flags win."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from govcode.errors import UsageError, choices

FILE = "govcode.toml"
ALL = ""
CODING = ("classify", "explain")  # commands whose --model is a coder
# Options that may stand in [commands] itself, for every command that has them.
SHARED = ("codebook", "encoding", "seed", "workers", "level", "excel", "lang")


def read_settings(names: Collection[str]) -> dict[str, Any]:
    """Return the table `[commands]`: options for all commands (under `ALL`), and a table for each command.

    The codebook of `[study]` is that of every command, and its model codes, unless `[commands]` names
    others. Raises UsageError for what is no TOML, and for what is neither a command nor a shared option.
    """
    path = Path(FILE)
    if not path.is_file():
        return {}
    import tomllib

    try:
        data = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (ValueError, OSError) as error:
        raise UsageError(f"{path}: is not valid TOML ({error}).", hint="Mend or remove the file.") from error
    commands, study = data.get("commands", {}), data.get("study", {})
    if not isinstance(commands, dict):
        raise UsageError(f"{path}: [commands] must be a table.", hint="Write [commands.classify].")
    _check(commands, names)
    shared = {"codebook": study["codebook"]} if isinstance(study, dict) and "codebook" in study else {}
    shared |= {key: value for key, value in commands.items() if not isinstance(value, dict)}
    tables = {name: table for name, table in commands.items() if isinstance(table, dict)}
    if isinstance(study, dict) and study.get("model"):
        tables |= {name: {"model": study["model"], **tables.get(name, {})} for name in CODING}
    return {ALL: shared, **tables}


def _check(commands: Mapping[str, Any], names: Collection[str]) -> None:
    for name, value in commands.items():
        if name not in SHARED and name in names and not isinstance(value, dict):
            raise UsageError(f"{FILE}: [commands.{name}] must be a table.", hint="Write OPTION = VALUE.")
        if name not in (names if isinstance(value, dict) else SHARED):
            near = get_close_matches(name, names, 1)
            raise UsageError(
                f"{FILE}: [commands.{name}]: there is no such command.",
                hint=f"Did you mean: [commands.{near[0]}]" if near else f"Choose from: {choices(names)}.",
            )


def defaults_of(command: Any, name: str, settings: Mapping[str, Any]) -> dict[str, Any]:
    """Return the defaults of one command by parameter: `from = "csv"` sets what `--from` sets.

    Raises UsageError for an option that the command does not have.
    """
    found, given = _shared(command, settings.get(ALL, {})), _own(command, name, settings.get(name, {}))
    return found | {k: found.get(k, {}) | v if isinstance(v, dict) else v for k, v in given.items()}


def _shared(command: Any, settings: Mapping[str, Any]) -> dict[str, Any]:
    """Return the options of all commands that this command, or one below it, has."""
    known = _options(command)
    found = {known[key]: settings[key] for key in SHARED if key in known and key in settings}
    return found | {sub: _shared(child, settings) for sub, child in _inside(command).items()}


def _own(command: Any, name: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return what stands in the command's own table, and in those of its sub-commands below it."""
    known, inside = _options(command), _inside(command)
    found: dict[str, Any] = {}
    for key, value in values.items():
        option = key.replace("_", "-")
        if key in inside and isinstance(value, dict):
            found[key] = _own(inside[key], f"{name}.{key}", value)
        elif option in known:
            found[known[option]] = value
        else:
            raise _unknown(key, name, [*inside, *known])
    return found


def _options(command: Any) -> dict[str, str]:
    """Return the parameter behind each long option."""
    options = [p for p in command.params if p.param_type_name == "option"]
    return {o.lstrip("-"): p.name for p in options for o in p.opts if o.startswith("--")}


def _inside(command: Any) -> Mapping[str, Any]:
    found: Mapping[str, Any] = getattr(command, "commands", {})
    return found


def _unknown(key: str, name: str, known: list[str]) -> UsageError:
    near = get_close_matches(key, known, 1)
    hint = f"Did you mean: {near[0]}" if near else f"Choose from: {choices(known)}."
    return UsageError(f"{FILE}: [commands.{name}] has no option '{key}'.", hint=hint)
