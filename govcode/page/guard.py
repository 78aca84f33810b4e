"""The gate before every request: host, origin, size; and the headers on every answer.

It stands outside the application as plain ASGI, so that nothing is read or done before it agrees.
"""

from __future__ import annotations

import asyncio
import ipaddress
import logging
from collections.abc import Iterable

from starlette.types import ASGIApp, Message, Receive, Scope, Send

BODY_LIMIT = 64 * 1024
PATIENCE = 10.0  # seconds a body may take
LOGGER = logging.getLogger("govcode.page.refused")

_CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'"
)
HEADERS = (
    (b"content-security-policy", _CSP.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
    (b"cache-control", b"no-store"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=()"),
)
_SAFE = frozenset({"GET", "HEAD"})


class _TooLargeError(Exception):
    """A body turned out to be longer than allowed, whatever length was stated."""


async def _body(receive: Receive) -> bytes:
    """Read the whole body, or raise as soon as it is too long."""
    body = bytearray()
    while True:
        message = await receive()
        body += message.get("body", b"")
        if len(body) > BODY_LIMIT:
            raise _TooLargeError
        if message["type"] != "http.request" or not message.get("more_body"):
            return bytes(body)


def _replay(body: bytes, receive: Receive) -> Receive:
    """Give the application the body that was read, then whatever comes."""
    given = False

    async def replay() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return replay


def _with_headers(send: Send) -> Send:
    """Add the security headers to every answer."""

    async def guarded(message: Message) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = [*message.get("headers", ()), *HEADERS]
        await send(message)

    return guarded


def refused(reason: str, scope: Scope) -> None:
    """Log a refusal: reason, who, and where; never a token, cookie, query or body."""
    client = (scope.get("client") or ("?",))[0]
    path = ascii(str(scope.get("path", "")))[:100]
    host = ascii(_header(scope, b"host"))[:80]
    LOGGER.warning("%s from=%s %s %s host=%s", reason, client, scope.get("method", "?"), path, host)


def _header(scope: Scope, name: bytes) -> str:
    values = [value for key, value in scope["headers"] if key == name]
    return values[0].decode("latin-1") if len(values) == 1 else ""


class Guard:
    """Refuse foreign hosts and origins and large bodies; add the security headers.

    `hosts` are the names under which the page is served; with `addresses` any IP address will do as
    well (a rebinding attack needs a name, never an address).
    """

    def __init__(self, app: ASGIApp, *, hosts: Iterable[str], port: int, addresses: bool = False) -> None:
        self.app = app
        self.hosts = frozenset(host.lower() for host in hosts)
        self.port = port
        self.addresses = addresses

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer it with a refusal."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        if scope["type"] != "http":
            return
        trouble = self._trouble(scope)
        if trouble:
            await self._refuse(*trouble, scope, send)
            return
        try:
            body = await asyncio.wait_for(_body(receive), PATIENCE) if scope["method"] not in _SAFE else b""
        except _TooLargeError:
            await self._refuse(413, "body-too-large", scope, send)
            return
        except TimeoutError:
            await self._refuse(408, "body-too-slow", scope, send)
            return
        await self.app(scope, _replay(body, receive), _with_headers(send))

    def _trouble(self, scope: Scope) -> tuple[int, str] | None:
        """Return the status and reason of a refusal, or None where all is well."""
        host = _header(scope, b"host")
        if not self._known(host):
            return 421, "foreign-host"
        length = _header(scope, b"content-length")
        if length and (not length.isdigit() or int(length) > BODY_LIMIT):
            return 413, "body-too-large"
        origin = _header(scope, b"origin")
        if (origin or scope["method"] not in _SAFE) and origin != f"{scope['scheme']}://{host}":
            return 403, "foreign-origin"
        site = _header(scope, b"sec-fetch-site")
        if scope["path"].startswith("/api/") and site not in ("", "same-origin", "none"):
            return 403, "foreign-site"
        return None

    def _known(self, host: str) -> bool:
        name, _, port = host.rpartition(":") if not host.endswith("]") else (host, "", "")
        if not name:
            name, port = host, "80"
        if port != str(self.port):
            return False
        name = name.lower().strip("[]")
        return name in self.hosts or (self.addresses and _is_address(name))

    async def _refuse(self, status: int, reason: str, scope: Scope, send: Send) -> None:
        refused(reason, scope)
        body = f'{{"error":"{reason}"}}'.encode()
        headers = [
            (b"content-type", b"application/json"), (b"content-length", str(len(body)).encode()),
            (b"connection", b"close"), *HEADERS,
        ]  # fmt: skip
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
