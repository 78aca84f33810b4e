"""What an attacker may try. Every attempt is refused and logged, and nothing has changed after it."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from govcode.page.ledger import Choice, entries
from tests.page.conftest import Client, Live, serving, write_sheet


@pytest.fixture(scope="module")
def started(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    with serving() as start:
        running = start(write_sheet(tmp_path_factory.mktemp("attacked") / "sheet.csv"), people=("li", "wang"))
        assert running.client("li").decide("p00001", "service").status == 200
        yield running


@pytest.fixture
def site(started: Live) -> Live:
    started.log.clear()
    return started


@pytest.fixture(autouse=True)
def nothing_changes(site: Live) -> Iterator[None]:
    yield
    store = site.site.sheets[0].store
    assert [(e.coding.post_id, e.coding.coder, e.coding.code) for e in entries(store)] == [
        ("p00001", "li", "service")
    ]


def refused(site: Live, reason: str) -> None:
    assert any(line.startswith(reason) for line in site.log), site.log


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:{port}", "127.0.0.1", "127.0.0.1.evil:{port}", ""]
)
def test_a_foreign_host_is_refused(site: Live, host: str) -> None:
    for path in ("/", "/api/post", "/code.js"):
        assert site.client("li").get(path, Host=host.format(port=site.port)).status == 421
    refused(site, "foreign-host")


@pytest.mark.parametrize(
    "origin", ["http://evil.example", "null", None, "http://127.0.0.1:1", "https://127.0.0.1:{port}"]
)
def test_a_foreign_origin_is_refused(site: Live, origin: str | None) -> None:
    client = site.client("li")
    sent = origin.format(port=site.port) if origin else None
    answer = client.post("/api/decide", {"post_id": "p00002", "code": "agenda"}, Origin=sent)
    assert answer.status == 403
    refused(site, "foreign-origin")


def test_a_foreign_page_cannot_read(site: Live) -> None:
    client = site.client("li")
    assert client.get("/api/post", Origin="http://evil.example").status == 403
    assert client.get("/api/post", Sec_Fetch_Site="cross-site").status == 403
    assert client.get("/api/post", Sec_Fetch_Site="same-site").status == 403
    assert "access-control-allow-origin" not in client.get("/api/post").headers


@pytest.mark.parametrize(
    "path", ["/api/me", "/api/post", "/api/codebook", "/api/codings.csv", "/api/find?what=open"]
)
def test_without_a_session_nothing_is_told(site: Live, path: str) -> None:
    answer = Client(site.port).get(path)
    assert (answer.status, answer.data) == (401, {"error": "no-session"})
    refused(site, "no-session")


def test_without_or_with_anothers_csrf_token_nothing_is_stored(site: Live) -> None:
    li, wang = site.client("li"), site.client("wang")
    for csrf in (None, "", wang.csrf, "x" * 43):
        answer = li.post("/api/decide", {"post_id": "p00002", "code": "agenda"}, X_Govcode_Csrf=csrf)
        assert (answer.status, answer.data["error"]) == (403, "no-csrf-token")
    refused(site, "no-csrf-token")


def test_an_unknown_token_gets_no_session(site: Live) -> None:
    for token in ("", "x" * 43, None, 5, ["a"], site.tokens["li"][:-1]):
        answer = Client(site.port).post("/api/session", {"token": token})
        assert answer.status == 403
        assert "set-cookie" not in answer.headers
    refused(site, "unknown-token")


def test_another_coders_codes_cannot_be_seen(site: Live) -> None:
    wang = site.client("wang")
    assert wang.get("/api/post?at=1").data["choice"]["code"] == ""
    assert wang.get("/api/post?at=1&coder=li").data["choice"]["code"] == ""
    assert b"service" not in wang.get("/api/codings.csv").body
    assert wang.post("/api/undo", {"coder": "li"}).data == {"nothing": True}


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(site: Live) -> None:
    cookie = site.client().enter(site.tokens["li"]).headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert str(site.port) in cookie


@pytest.mark.parametrize(
    "path",
    ["/../sheet.csv", "/..%2f..%2fetc/passwd", "/%2e%2e/sheet.csv", "//etc/passwd", "/sheet.csv",
     "/static/../../pyproject.toml", "/sheet.csv.coding.sqlite", "/code.js/../../x", "/%00", "/api/../../x"],
)  # fmt: skip
def test_no_path_leads_to_a_file(site: Live, path: str) -> None:
    assert site.client("li").get(path).status == 404
    refused(site, "no-such-address")


@pytest.mark.parametrize("number", ["1", "-1", "../x", "0.0", "99999999999", "٠", "sheet.csv"])
def test_sheets_have_numbers_and_no_names(site: Live, number: str) -> None:
    from urllib.parse import quote

    assert site.client("li").get(f"/api/post?sheet={quote(number)}").status == 404


def test_a_large_body_is_refused_before_it_is_read(site: Live) -> None:
    client = site.client("li")
    with socket.create_connection(("127.0.0.1", site.port), timeout=10) as line:
        line.sendall(
            f"POST /api/decide HTTP/1.1\r\nHost: 127.0.0.1:{site.port}\r\nOrigin: {client.origin}\r\n"
            f"Cookie: {client.cookie}\r\nContent-Length: {100 * 1024 * 1024}\r\n\r\n".encode()
        )
        assert line.recv(100).startswith(b"HTTP/1.1 413")
    refused(site, "body-too-large")


def test_a_large_body_of_unstated_length_is_refused(site: Live) -> None:
    client = site.client("li")
    chunk = b"10000\r\n" + b"x" * 0x10000 + b"\r\n"
    sent = 0
    with socket.create_connection(("127.0.0.1", site.port), timeout=10) as line:
        line.sendall(
            f"POST /api/decide HTTP/1.1\r\nHost: 127.0.0.1:{site.port}\r\nOrigin: {client.origin}\r\n"
            "Transfer-Encoding: chunked\r\n\r\n".encode()
        )
        try:
            for _ in range(1600):  # 100 MiB, if it were let in
                line.sendall(chunk)
                sent += len(chunk)
        except OSError:
            pass
    assert sent < 20 * 1024 * 1024, "the server hung up early"
    refused(site, "body-too-large")


@pytest.mark.parametrize(
    "body",
    [b"", b"[]", b"null", b"{", b"\xff\xfe", b'{"a":' * 5000, b'{"post_id": 5}', b'{"post_id": "nope"}'],
)
def test_broken_bodies_are_refused(site: Live, body: bytes) -> None:
    assert site.client("li").post("/api/decide", body).status in (400, 404)


def test_a_form_of_another_site_cannot_post(site: Live) -> None:
    client = site.client("li")
    answer = client.post(
        "/api/decide", b"post_id=p00002&code=agenda", Content_Type="application/x-www-form-urlencoded"
    )
    assert answer.status == 415
    assert client.get("/api/decide").status == 404


@pytest.mark.parametrize(
    "choice",
    [{"code": "nonsense"}, {"code": 1}, {"code": "NA", "form": "S1"}, {"secondary": "service"},
     {"secondary": "other"}, {"form": "A1"}, {"rule": "B999"}, {"sure": "yes"}, {"note": "x" * 2001},
     {"note": "\ud800"}],
)  # fmt: skip
def test_choices_that_do_not_fit_the_codebook_are_refused(site: Live, choice: dict) -> None:
    assert (
        site.client("li").post("/api/decide", {"post_id": "p00002", "code": "service", **choice}).status
        == 400
    )


def test_no_secret_is_logged(site: Live) -> None:
    client = site.client("li")
    Client(site.port).post("/api/session", {"token": "guessed-token-value"})
    client.get(f"/api/none?token={site.tokens['li']}")
    client.post("/api/decide", {"post_id": "p00002", "note": "private words"}, X_Govcode_Csrf="")
    client.get("/%1b[31mred")
    logged = "\n".join(site.log)
    secrets = (
        site.tokens["li"],
        client.csrf,
        client.cookie.partition("=")[2],
        "guessed-token",
        "private",
        "\x1b",
    )
    assert logged
    assert not [s for s in secrets if s in logged]


def test_every_answer_carries_the_policy(site: Live) -> None:
    client = site.client("li")
    for answer in (
        client.get("/"),
        client.get("/api/post"),
        client.get("/nope"),
        client.get("/", Host="evil"),
    ):
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["cache-control"] == "no-store"


def test_static_pages_hold_no_inline_code_and_no_foreign_address() -> None:
    import re

    import govcode.page

    for file in (Path(govcode.page.__file__).parent / "static").iterdir():
        text = file.read_text(encoding="utf-8")
        outside = set(re.findall(r"https?://[^\s\"'<)]+", text)) - {"http://www.w3.org/2000/svg"}
        assert not outside, file
        assert not re.search(r"<script(?![^>]*\ssrc=)|<style|\sstyle=|\son[a-z]+=\"", text), file
        assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(", text), file


def test_a_skipped_choice_cannot_be_forged(site: Live) -> None:
    assert Choice().skipped is False
    client = site.client("li")
    client.post("/api/decide", {"post_id": "p00003", "code": "", "skipped": True})
    assert client.get("/api/post?at=3").data["choice"]["skipped"] is False
    client.post("/api/undo")
