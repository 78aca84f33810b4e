"""Run the site on this machine until it is stopped; open the browser where one is wanted."""

from __future__ import annotations

import logging
import logging.handlers
import socket
import threading
import webbrowser
from collections.abc import Callable
from pathlib import Path

import uvicorn

from govcode.errors import UsageError
from govcode.page.app import build
from govcode.page.guard import LOGGER
from govcode.page.site import Site

LOOPBACK = ("127.0.0.1", "localhost", "::1")


def listen(host: str, port: int) -> socket.socket:
    """Open the door: bind `host` and `port` (0 = any free one); raise UsageError where that fails."""
    if host in ("", "0.0.0.0", "::"):
        raise UsageError(
            f"'{host}' is every address of this machine, which gives no link that others can open.",
            hint="Give the one by which the group reaches it: --host 192.168.1.5",
        )
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    door = socket.socket(family, socket.SOCK_STREAM)
    try:
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        door.bind((host, port))
    except OSError as error:
        door.close()
        raise UsageError(
            f"The page cannot listen on {host}:{port} ({error.strerror or error}).",
            hint="Choose another --port, or leave it out for any free one.",
        ) from error
    return door


def serve(
    site: Site,
    door: socket.socket,
    *,
    host: str,
    log: Path,
    ready: Callable[[], None],
    stoppable: bool = False,
) -> None:
    """Serve the site through an open door until a signal or the page stops it.

    `ready` is called when the door answers; refusals are logged to the file `log`.
    """
    local = host in LOOPBACK
    hosts = LOOPBACK if local else (host, *LOOPBACK)
    app = build(site, hosts=hosts, port=door.getsockname()[1], addresses=not local)
    server = uvicorn.Server(
        uvicorn.Config(
            app, log_config=None, log_level="error", access_log=False, proxy_headers=False,
            server_header=False, ws="none", lifespan="off", http="h11", limit_concurrency=100,
            h11_max_incomplete_event_size=16 * 1024, timeout_keep_alive=30, timeout_graceful_shutdown=2,
        )
    )  # fmt: skip
    if stoppable:
        site.stop = lambda: setattr(server, "should_exit", True)
    handler = _log_to(log)
    timer = threading.Timer(0.2, _when_started, (server, ready))
    timer.daemon = True
    timer.start()
    try:
        server.run(sockets=[door])
    finally:
        timer.cancel()
        LOGGER.removeHandler(handler)
        handler.close()


def open_browser(url: str) -> bool:
    """Open the link in the user's browser; return whether there was one."""
    try:
        return webbrowser.open(url)
    except webbrowser.Error:
        return False


def _when_started(server: uvicorn.Server, ready: Callable[[], None]) -> None:
    for _ in range(200):
        if server.started or server.should_exit:
            break
        threading.Event().wait(0.05)
    if server.started:
        ready()


def _log_to(path: Path) -> logging.Handler:
    """Log refusals to a file that cannot grow without end."""
    handler = logging.handlers.RotatingFileHandler(
        path, maxBytes=1_000_000, backupCount=1, encoding="utf-8", delay=True
    )
    handler.setFormatter(logging.Formatter("%(asctime)s %(message)s"))
    LOGGER.addHandler(handler)
    LOGGER.propagate = False
    return handler
