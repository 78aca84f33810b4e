"""Two commands to the first coded post, a third to alpha."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.page.browser import ROOT, Server
from tests.page.conftest import Client


def test_sample_code_and_alpha(
    tmp_path: Path, govcode: Callable[..., Any], start: Callable[..., Server]
) -> None:
    posts = ROOT / "examples" / "posts.csv"
    drawn = govcode("sample", posts, "--size", 12, "--coders", "li,wang", "--overlap", 12, "-o", "sheet.xlsx")
    assert drawn.returncode == 0, drawn.stderr
    for name in ("li", "wang"):
        server = start(f"sheet.{name}.xlsx")
        assert list(server.links) == [name], "the sheet knows whose it is"
        client = Client(server.port)
        client.enter(server.token)
        place = 1
        while not (page := client.get(f"/api/post?after={place - 1}").data).get("finished"):
            post_id, place = page["post"]["post_id"], page["post"]["position"] + 1
            code = "service" if sum(map(ord, post_id)) % 2 else "agenda"
            assert client.decide(post_id, code, seconds=3).status == 200
        server.stop()
    done = govcode("code", "sheet.li.xlsx", "sheet.wang.xlsx", "--status", "--json")
    found = json.loads(done.stdout)
    assert found["overlap"] == 12
    assert found["alphas"][0]["figure"]["value"] == 1
