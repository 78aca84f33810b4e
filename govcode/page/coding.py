"""The endpoints of the coding page: one post at a time, every keystroke stored at once."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import Any

from starlette.responses import Response
from starlette.routing import Route

from govcode.page.api import Call, endpoint
from govcode.page.export import COLUMNS, coding_rows, csv_bytes
from govcode.page.ledger import FINDABLE, Ledger, Tally
from govcode.page.sessions import CODER
from govcode.page.site import Refusal, Site, read_choice
from govcode.page.store import SheetPost


def routes() -> list[Route]:
    """Return the endpoints that a coder may use."""
    return [
        endpoint("/api/post", show, CODER),
        endpoint("/api/find", find, CODER),
        endpoint("/api/decide", decide, CODER, method="POST"),
        endpoint("/api/skip", skip, CODER, method="POST"),
        endpoint("/api/undo", undo, CODER, method="POST"),
        endpoint("/api/codings.csv", download, CODER),
    ]


def show(call: Call) -> dict[str, Any]:
    """Return the post at `at`, the next open one after `after`, or the one where the coder left."""
    ledger = _ledger(call)
    if "at" in call.query:
        return _page(call, ledger, call.number("at"))
    if "after" in call.query:
        place = ledger.next_open(call.number("after"))
        return (
            {"finished": True, "tally": tally(ledger.tally())}
            if place is None
            else _page(call, ledger, place)
        )
    return _page(call, ledger, ledger.resume())


def find(call: Call) -> dict[str, Any]:
    """Return the place of a post by its id, or of the next post that is `what`."""
    if "post_id" in call.query:
        post = call.sheet.store.post(call.query["post_id"].strip())
        return {"at": post.position if post else None}
    what = call.query.get("what", "")
    if what not in FINDABLE:
        raise Refusal(400, "unfit-what")
    return {"at": _ledger(call).find(what, call.number("after"))}


def decide(call: Call) -> dict[str, Any]:
    """Store what stands on a post after a keystroke."""
    ledger, post = _ledger(call), _post(call)
    choice = read_choice(call.site.codebook, call.data)
    kind = "note" if call.data.get("kind") == "note" else "code"
    old = ledger.choice(post.post_id)
    if not choice.code and old.skipped:
        choice = replace(choice, skipped=True)
    seq = ledger.record(
        post.post_id, choice, kind=kind, seconds=_seconds(call), assisted=_assisted(call.site, post)
    )
    return {"seq": seq, "choice": asdict(choice), "tally": tally(ledger.tally())}


def skip(call: Call) -> dict[str, Any]:
    """Put a post off; a code it has already stays."""
    ledger, post = _ledger(call), _post(call)
    choice = replace(ledger.choice(post.post_id), skipped=True)
    ledger.record(post.post_id, choice, kind="skip", seconds=_seconds(call))
    return {"choice": asdict(choice), "tally": tally(ledger.tally())}


def undo(call: Call) -> dict[str, Any]:
    """Take the latest decision back and show its post."""
    ledger = _ledger(call)
    post_id = ledger.undo()
    post = call.sheet.store.post(post_id) if post_id else None
    return _page(call, ledger, post.position) if post else {"nothing": True}


def download(call: Call) -> Response:
    """Return the coder's own codings as a CSV file."""
    name = call.session.person.name
    rows = coding_rows([sheet.store for sheet in call.site.sheets], name)
    body = csv_bytes(COLUMNS, rows)
    headers = {"content-disposition": 'attachment; filename="codings.csv"'}
    return Response(body, media_type="text/csv; charset=utf-8", headers=headers)


def tally(value: Tally) -> dict[str, Any]:
    """Return a tally as the page shows it."""
    return {**asdict(value), "done": value.done, "remaining": value.remaining}


def shown(site: Site, post: SheetPost) -> dict[str, Any]:
    """Return what a person may see of a post: the account only where it was allowed."""
    data: dict[str, Any] = {
        "position": post.position, "post_id": post.post_id, "title": post.title, "text": post.text,
        "reply": post.reply,
    }  # fmt: skip
    if site.show_account:
        data |= {"account": post.account, "platform": post.platform, "published_at": post.published_at}
    return data


def _page(call: Call, ledger: Ledger, place: int) -> dict[str, Any]:
    post = call.sheet.store.post_at(place)
    if post is None:
        raise Refusal(404, "no-such-post")
    data = {
        "post": shown(call.site, post),
        "choice": asdict(ledger.choice(post.post_id)),
        "tally": tally(ledger.tally()),
    }
    suggested = call.site.suggestions.get(post.post_id)
    if suggested:
        data["suggestion"] = {
            "code": suggested.code, "secondary": suggested.secondary, "form": suggested.form,
            "p": max(suggested.probabilities, default=None),
        }  # fmt: skip
    return data


def _ledger(call: Call) -> Ledger:
    return call.site.ledger(call.session.person, call.sheet)


def _post(call: Call) -> SheetPost:
    post_id = call.data.get("post_id")
    post = call.sheet.store.post(post_id) if isinstance(post_id, str) else None
    if post is None:
        raise Refusal(404, "no-such-post")
    return post


def _seconds(call: Call) -> float:
    value = call.data.get("seconds", 0)
    return float(value) if isinstance(value, int | float) and 0 <= value < 1e6 else 0.0


def _assisted(site: Site, post: SheetPost) -> bool:
    """Tell whether the coder saw a suggestion when deciding on this post."""
    return post.post_id in site.suggestions
