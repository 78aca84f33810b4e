"""What must hold under load and sudden death: slow tests on the real command."""

from __future__ import annotations

import random
import sqlite3
import threading
import time
from collections.abc import Callable
from contextlib import closing, suppress
from http.client import HTTPException
from pathlib import Path

import pytest

from govcode.page.store import store_path
from tests.page.browser import Server
from tests.page.conftest import Client, write_sheet

pytestmark = pytest.mark.slow

CODES = ("information", "service", "appeal", "agenda", "other", "NA")
KILLS = 100


def entered(server: Server) -> Client:
    client = Client(server.port)
    assert client.enter(server.token).status == 200
    return client


def standing(path: Path) -> dict[str, str]:
    """Read what stands straight from the file, as any SQLite would."""
    with closing(sqlite3.connect(path)) as db:
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        rows = db.execute("SELECT c.post_id, d.code FROM current c JOIN decision d USING (seq)")
        return dict(rows.fetchall())


def test_a_hundred_sudden_deaths_lose_at_most_the_keystroke_under_way(
    tmp_path: Path, start: Callable[..., Server]
) -> None:
    sheet = write_sheet(tmp_path / "sheet.csv", 200)
    store = store_path(sheet)
    dice = random.Random(20190201)
    acknowledged: dict[str, str] = {}
    typed = 0
    for _ in range(KILLS):
        server = start("sheet.csv", "--coder", "li")
        client = entered(server)
        timer = threading.Timer(dice.uniform(0.0, 0.25), server.process.kill)
        timer.start()
        under_way = ("", "")
        with suppress(OSError, HTTPException):
            while True:
                under_way = (f"p{dice.randrange(1, 201):05d}", dice.choice(CODES))
                assert client.decide(*under_way).status == 200
                acknowledged[under_way[0]] = under_way[1]
                typed += 1
        timer.join()
        server.process.wait()
        found = standing(store)
        if found != acknowledged:
            acknowledged[under_way[0]] = under_way[1]
        assert found == acknowledged
    assert typed > KILLS, "keystrokes were really under way"


def resident(pid: int) -> int:
    """Return the resident memory of a process in KiB."""
    text = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    return int(next(line for line in text.splitlines() if line.startswith("VmRSS")).split()[1])


@pytest.mark.timing
def test_twenty_thousand_posts(tmp_path: Path, start: Callable[..., Server]) -> None:
    """The server answers a keystroke within 50 ms (95th percentile) and does not grow."""
    number = 20_000
    write_sheet(tmp_path / "sheet.csv", number)
    server = start("sheet.csv", "--coder", "li")
    client = entered(server)
    store = store_path(tmp_path / "sheet.csv")
    with closing(sqlite3.connect(store)) as db, db:  # a coder who is nearly done
        fields = "role, coder, kind, code, secondary, form, sure, note, rule, skipped, codebook, assisted, at"
        values = "'coding', 'li', 'code', 'service', '', '', 1, '', '', 0, 'x', 0, ''"
        db.execute(
            f"INSERT INTO decision({fields}, post_id, seconds) SELECT {values}, post_id, 5.0 FROM post "
            "WHERE position <= 19000"
        )
    took: list[float] = []

    def timed(path: str, data: dict | None = None) -> dict:
        start = time.perf_counter()
        answer = client.post(path, data) if data is not None else client.get(path)
        took.append(time.perf_counter() - start)
        assert answer.status == 200
        return answer.data

    before = 0
    dice = random.Random(1)
    for step in range(600):
        page = timed(f"/api/post?at={dice.randrange(1, number)}" if step % 3 else "/api/post?after=18990")
        timed("/api/decide", {"post_id": page["post"]["post_id"], "code": dice.choice(CODES), "seconds": 2})
        if step == 100:
            before = resident(server.process.pid)
    took.sort()
    p95 = took[int(len(took) * 0.95)]
    print(f"p50 {1000 * took[len(took) // 2]:.1f} ms, p95 {1000 * p95:.1f} ms, max {1000 * took[-1]:.1f} ms, "
          f"memory {before} → {resident(server.process.pid)} KiB")  # fmt: skip
    assert p95 < 0.050
    assert resident(server.process.pid) - before < 4096
