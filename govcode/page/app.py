"""The application: its pages, the way in, and every endpoint behind the guard."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable
from importlib.resources import files
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from govcode import __version__
from govcode.page import adjudicating, coding, supervising
from govcode.page.api import Call, cookie_name, endpoint, read_json
from govcode.page.card import card
from govcode.page.guard import Guard, refused
from govcode.page.sessions import ADJUDICATOR, CODER, SUPERVISOR, Session
from govcode.page.site import Refusal, Site

EVERYONE = (CODER, ADJUDICATOR, SUPERVISOR)
_TYPES = {"html": "text/html", "css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}


def build(site: Site, *, hosts: Iterable[str], port: int, addresses: bool = False) -> Guard:
    """Return the ASGI application of a site, which answers only under the given host names and port."""
    app = Starlette(
        routes=[
            *_pages(),
            Route("/api/session", _exchange, methods=["POST"]),
            endpoint("/api/me", _me, *EVERYONE),
            endpoint("/api/codebook", lambda call: card(call.site.codebook), *EVERYONE),
            endpoint("/api/stop", _stop, *EVERYONE, method="POST"),
            *coding.routes(),
            *adjudicating.routes(),
            *supervising.routes(),
        ],
        exception_handlers={404: _lost, 405: _lost},
    )
    app.state.site = site
    return Guard(app, hosts=hosts, port=port, addresses=addresses)


def _pages() -> list[Route]:
    """Serve the page's own files, each under one fixed address: no path is ever looked up on disk."""
    routes = []
    for file in sorted(files("govcode.page").joinpath("static").iterdir(), key=lambda f: f.name):
        kind = _TYPES.get(file.name.rpartition(".")[2])
        if kind is None:
            continue
        path = "/" if file.name == "index.html" else f"/{file.name}"
        routes.append(Route(path, _constant(file.read_bytes(), kind), methods=["GET"]))
    return routes


def _constant(body: bytes, kind: str) -> Any:
    async def answer(request: Request) -> Response:
        return Response(body, media_type=kind)

    return answer


async def _lost(request: Request, error: Exception) -> Response:
    refused("no-such-address", request.scope)
    return JSONResponse({"error": "no-such-address"}, 404)


async def _exchange(request: Request) -> Response:
    """Exchange the token of the link for a session cookie that scripts cannot read."""
    site: Site = request.app.state.site
    try:
        token = (await read_json(request)).get("token")
        found = site.sessions.exchange(token) if isinstance(token, str) else None
        if found is None:
            raise Refusal(403, "unknown-token")
    except Refusal as refusal:
        refused(refusal.slug, request.scope)
        return JSONResponse({"error": refusal.slug}, refusal.status)
    cookie, session = found
    response = JSONResponse(_about(site, session))
    response.set_cookie(
        cookie_name(request), cookie, path="/", httponly=True, samesite="strict",
        secure=request.url.scheme == "https",
    )  # fmt: skip
    return response


def _me(call: Call) -> dict[str, Any]:
    return _about(call.site, call.session)


def _about(site: Site, session: Session) -> dict[str, Any]:
    return {
        "name": session.person.name,
        "role": session.person.role,
        "csrf": session.csrf,
        "language": site.language,
        "assisted": site.assisted,
        "stoppable": site.stop is not None,
        "gate": site.gate,
        "version": __version__,
        "sheets": [{"name": sheet.name, "posts": sheet.store.count()} for sheet in site.sheets],
    }


def _stop(call: Call) -> dict[str, Any]:
    """End the server from the page, where the person at the page started it."""
    if call.site.stop is None:
        raise Refusal(403, "not-your-server")
    with contextlib.suppress(RuntimeError):
        call.site.stop()
    return {"stopped": True}
