"""A sheet of invented posts, and a live server with a client that can also misbehave."""

from __future__ import annotations

import csv
import http.client
import json
import logging
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from govcode.codebook.load import load_codebook
from govcode.page.sessions import CODER, Person
from govcode.page.sheets import open_sheets
from govcode.page.site import Site
from govcode.page.study import admit
from tests.page.browser import Server

pytest.importorskip("starlette")
uvicorn = pytest.importorskip("uvicorn")


def write_sheet(path: Path, number: int = 12) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["post_id", "account", "title", "text", "reply"])
        for i in range(1, number + 1):
            answer = f"您好,第{i}件已转云河市交通局办理。" if i % 5 == 0 else ""
            writer.writerow(
                [f"p{i:05d}", "云河发布", f"云河市第{i}号通告", f"第{i}条:补贴怎么领,请看步骤。", answer]
            )
    return path


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    return write_sheet(tmp_path / "sheet.csv")


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def data(self) -> Any:
        return json.loads(self.body)


class Client:
    """One browser: it keeps its cookie and CSRF token as a well-behaved page does."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.cookie = ""
        self.csrf = ""

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def send(self, method: str, path: str, body: Any = None, **headers: str | None) -> Answer:
        own: dict[str, str | None] = {"Host": f"127.0.0.1:{self.port}"}
        if self.cookie:
            own["Cookie"] = self.cookie
        if method != "GET":
            own |= {"Origin": self.origin, "Content-Type": "application/json", "X-Govcode-Csrf": self.csrf}
        own |= {name.replace("_", "-"): value for name, value in headers.items()}
        raw = body if isinstance(body, bytes) else json.dumps(body if body is not None else {}).encode()
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            line.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
            for name, value in own.items():
                if value is not None:
                    line.putheader(name, value)
            if method != "GET":
                line.putheader("Content-Length", str(len(raw)))
            line.endheaders(raw if method != "GET" else None)
            response = line.getresponse()
            return Answer(response.status, {k.lower(): v for k, v in response.getheaders()}, response.read())
        finally:
            line.close()

    def get(self, path: str, **headers: str | None) -> Answer:
        return self.send("GET", path, **headers)

    def post(self, path: str, body: Any = None, **headers: str | None) -> Answer:
        return self.send("POST", path, body, **headers)

    def enter(self, token: str) -> Answer:
        answer = self.post("/api/session", {"token": token})
        if answer.status == 200:
            self.cookie = answer.headers["set-cookie"].partition(";")[0]
            self.csrf = answer.data["csrf"]
        return answer

    def decide(self, post_id: str, code: str = "", **more: Any) -> Answer:
        return self.post("/api/decide", {"post_id": post_id, "code": code, **more})


@dataclass
class Live:
    """A running site: its port, the tokens by name, and what it logged."""

    site: Site
    port: int
    tokens: dict[str, str]
    log: list[str]

    def client(self, name: str | None = None) -> Client:
        client = Client(self.port)
        if name:
            assert client.enter(self.tokens[name]).status == 200
        return client


@pytest.fixture
def live() -> Iterator[Callable[..., Live]]:
    """Start a site on sheets for people (names of coders, or Person records); all end with the test."""
    with serving() as start:
        yield start


@contextmanager
def serving() -> Iterator[Callable[..., Live]]:
    """Give a function that starts sites; all end with the block."""
    from govcode.page.app import build
    from govcode.page.guard import LOGGER

    with ExitStack() as closing:

        def start(
            *sheets: Path, people: tuple[Any, ...] = ("li",), codebook: str = "functions", **how: Any
        ) -> Live:
            book = load_codebook(codebook)
            taken = open_sheets(sheets, book, closing)
            site = Site(taken.sheets, book, **how)
            known = [p if isinstance(p, Person) else Person(p, CODER) for p in people]
            tokens = {person.name: token for person, token in admit(site, known, lasting=False).items()}
            door = socket.socket()
            door.bind(("127.0.0.1", 0))
            port = door.getsockname()[1]
            app = build(site, hosts=("127.0.0.1", "localhost"), port=port)
            server = uvicorn.Server(
                uvicorn.Config(app, log_config=None, access_log=False, ws="none", lifespan="off")
            )
            thread = threading.Thread(target=server.run, kwargs={"sockets": [door]}, daemon=True)
            log: list[str] = []
            handler = logging.Handler()
            handler.emit = lambda record: log.append(record.getMessage())  # type: ignore[method-assign]
            LOGGER.addHandler(handler)
            thread.start()
            while not server.started:
                thread.join(0.01)

            def stop() -> None:
                server.should_exit = True
                thread.join()
                door.close()
                LOGGER.removeHandler(handler)

            closing.callback(stop)
            return Live(site, port, tokens, log)

        yield start


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Server]]:
    """Start the command in the test's folder; what still runs at the end is killed."""
    running: list[Server] = []

    def begin(*arguments: object) -> Server:
        running.append(Server(*arguments, cwd=tmp_path))
        return running[-1]

    yield begin
    for server in running:
        if server.process.poll() is None:
            server.stop(9)
