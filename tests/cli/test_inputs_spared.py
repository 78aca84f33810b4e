"""No command writes over what it reads."""

from __future__ import annotations

from pathlib import Path

import pytest

COMMANDS = [
    ("ingest", "{t}", "-o", "{t}"),
    ("segment", "{t}", "-o", "{t}"),
    ("classify", "{t}", "-o", "{t}", "--coder", "rules"),
    ("sample", "{t}", "--size", "1", "-o", "{t}"),
    ("adjudicate", "{t}", "-o", "{t}"),
    ("reliability", "{t}", "-o", "{t}"),
    ("evaluate", "{t}", "--gold", "{g}", "-o", "{t}"),
    ("evaluate", "{t}", "--gold", "{g}", "--errors", "{g}"),
    ("estimate", "{t}", "--gold", "{g}", "-o", "{g}"),
    ("profile", "{t}", "-o", "{t}"),
    ("report", "{t}", "-o", "{t}"),
    ("export", "{t}", "-o", "{t}"),
    ("codebook", "migrate", "{g}", "{t}", "-o", "{t}"),
]


@pytest.mark.parametrize("command", COMMANDS, ids=lambda c: " ".join(c))
def test_every_command_spares_its_inputs(run, tmp_path: Path, command: tuple[str, ...]) -> None:
    table, gold = tmp_path / "t.csv", tmp_path / "g.csv"
    table.write_text("post_id,text,coder,code,status\na,明天停水,x,service,coded\n", encoding="utf-8")
    gold.write_text("post_id,code\na,service\n", encoding="utf-8")
    before = (table.read_bytes(), gold.read_bytes())
    done = run(*(part.format(t=table.name, g=gold.name) for part in command))
    assert done.returncode == 2
    assert "is an input of this command and would be written over" in done.stderr
    assert (table.read_bytes(), gold.read_bytes()) == before
