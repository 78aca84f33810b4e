"""Defaults of options from `govcode.toml` in the working folder; flags win."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from govcode.errors import UsageError, choices

FILE = "govcode.toml"


def read_settings() -> dict[str, Any]:
    """Return the table `[commands]`: options by command, as the user spells them."""
    path = Path(FILE)
    if not path.is_file():
        return {}
    import tomllib

    try:
        commands = tomllib.loads(path.read_text(encoding="utf-8-sig")).get("commands", {})
    except (ValueError, OSError) as error:
        raise UsageError(f"{path}: is not valid TOML ({error}).", hint="Mend or remove the file.") from error
    if not isinstance(commands, dict):
        raise UsageError(
            f"{path}: [commands] must be a table.", hint="Write [commands.classify] and options."
        )
    return commands


def checked(settings: Mapping[str, Any], names: Collection[str]) -> Mapping[str, Any]:
    """Return the settings; raise UsageError where one is no table or belongs to no command."""
    for name, values in settings.items():
        if name not in names:
            near = get_close_matches(name, names, 1)
            raise UsageError(
                f"{FILE}: [commands.{name}]: there is no such command.",
                hint=f"Did you mean: [commands.{near[0]}]" if near else f"Choose from: {choices(names)}.",
            )
        if not isinstance(values, dict):
            raise UsageError(
                f"{FILE}: [commands.{name}] must be a table.", hint="Write OPTION = VALUE in it."
            )
    return settings


def defaults_of(command: Any, name: str, settings: Mapping[str, Any]) -> dict[str, Any]:
    """Return the defaults of one command by parameter: `from = "csv"` sets what `--from` sets.

    Options of a sub-command stand in a table of their own (`[commands.codebook.show]`). Raises UsageError
    for an option that the command does not have.
    """
    inside = getattr(command, "commands", {})
    known = {o.lstrip("-"): p for p in command.params if p.param_type_name == "option" for o in p.opts}
    found: dict[str, Any] = {}
    for key, value in settings.items():
        option = key.replace("_", "-")
        if key in inside and isinstance(value, dict):
            found[key] = defaults_of(inside[key], f"{name}.{key}", value)
        elif option in known:
            found[known[option].name] = value
        else:
            raise _unknown(key, name, [*inside, *(o for o in known if len(o) > 1)])
    return found


def _unknown(key: str, name: str, known: list[str]) -> UsageError:
    near = get_close_matches(key, known, 1)
    hint = f"Did you mean: {near[0]}" if near else f"Choose from: {choices(known)}."
    return UsageError(f"{FILE}: [commands.{name}] has no option '{key}'.", hint=hint)
