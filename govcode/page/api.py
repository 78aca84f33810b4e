"""How every endpoint is entered: session, role and CSRF token are checked in this one place."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from govcode.errors import GovcodeError
from govcode.page.guard import refused
from govcode.page.sessions import Session, token_hash
from govcode.page.site import Refusal, Sheet, Site

CSRF_HEADER = "x-govcode-csrf"


@dataclass(frozen=True, slots=True)
class Call:
    """One request that has passed every check: who asks, for what, with which data."""

    site: Site
    session: Session
    query: Mapping[str, str]
    data: Mapping[str, Any]

    @property
    def sheet(self) -> Sheet:
        """Return the sheet that is asked for (the first where none is named)."""
        return self.site.sheet(self.data.get("sheet", self.query.get("sheet", 0)))

    def number(self, key: str, default: int = 0) -> int:
        """Return a whole number of the query; refuse anything else."""
        value = self.query.get(key, str(default))
        if not (value.isascii() and value.isdigit() and len(value) < 10):
            raise Refusal(400, f"unfit-{key}")
        return int(value)


Handler = Callable[[Call], Any]
AsyncHandler = Callable[[Request], Awaitable[Response]]


def cookie_name(request: Request) -> str:
    """Return the cookie's name; it holds the port, since cookies of one host share all ports."""
    return f"govcode-{request.url.port or 80}"


def endpoint(path: str, handler: Handler, *roles: str, method: str = "GET") -> Route:
    """Return a route that calls `handler` for people with one of the roles.

    The handler returns a Response, or data to be sent as JSON.
    """

    async def answer(request: Request) -> Response:
        try:
            result = handler(await _enter(request, roles))
            if isinstance(result, Awaitable):
                result = await result
        except Refusal as refusal:
            refused(refusal.slug, request.scope)
            return JSONResponse({"error": refusal.slug}, refusal.status)
        except GovcodeError as error:
            return JSONResponse({"error": error.slug, "message": str(error)}, 400)
        return result if isinstance(result, Response) else JSONResponse(result)

    return Route(path, answer, methods=[method])


async def _enter(request: Request, roles: tuple[str, ...]) -> Call:
    site: Site = request.app.state.site
    session = site.sessions.find(request.cookies.get(cookie_name(request), ""))
    if session is None:
        raise Refusal(401, "no-session")
    if session.person.role not in roles:
        raise Refusal(403, "not-your-role")
    data: Any = {}
    if request.method == "POST":
        if token_hash(request.headers.get(CSRF_HEADER, "")) != token_hash(session.csrf):
            raise Refusal(403, "no-csrf-token")
        data = await read_json(request)
    return Call(site, session, request.query_params, data)


async def read_json(request: Request) -> dict[str, Any]:
    """Return the body, which must be a JSON object sent as such."""
    if request.headers.get("content-type", "").partition(";")[0].strip() != "application/json":
        raise Refusal(415, "not-json")
    try:
        data = json.loads(await request.body())
    except (ValueError, RecursionError):
        raise Refusal(400, "broken-json") from None
    if not isinstance(data, dict):
        raise Refusal(400, "broken-json")
    return data
