"""The endpoint of the supervision page; it tells figures, never anybody's code of a post."""

from __future__ import annotations

import threading
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.routing import Route

from govcode.metrics.figures import as_data
from govcode.page.api import Call, endpoint
from govcode.page.sessions import SUPERVISOR
from govcode.page.site import Sheet, Site
from govcode.page.store import Store, now

_BUSY = threading.Lock()


def routes() -> list[Route]:
    """Return the endpoint that a supervisor may use."""
    return [endpoint("/api/supervision", show, SUPERVISOR)]


async def show(call: Call) -> Any:
    """Return progress, alpha, drift and alarms as of now; coders are not kept waiting meanwhile."""
    return await run_in_threadpool(_look, call.site)


def _look(site: Site) -> dict[str, Any]:
    """Read through connections of this thread's own."""
    # scipy comes with this, and coders should not wait for it when the page starts
    from govcode.page.supervision import supervise

    with _BUSY:
        own = [Sheet(sheet.name, Store(sheet.store.path), sheet.path) for sheet in site.sheets]
        try:
            found = supervise(Site(own, site.codebook, others=site.others, gate=site.gate))
        finally:
            for sheet in own:
                sheet.store.close()
    return {**as_data(found), "as_of": now()}
