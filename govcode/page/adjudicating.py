"""The endpoints of the adjudication page: a third person decides, citing a rule."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from starlette.responses import Response
from starlette.routing import Route

from govcode.page.api import Call, endpoint
from govcode.page.coding import shown
from govcode.page.disputes import STATES, UNDECIDED, Dispute, disputes, filtered, holder
from govcode.page.export import csv_bytes
from govcode.page.gold import gold_columns, gold_rows
from govcode.page.sessions import ADJUDICATOR
from govcode.page.site import NOTE_LIMIT, Refusal, Sheet, clean_text, read_choice
from govcode.records import Coding


def routes() -> list[Route]:
    """Return the endpoints that an adjudicator may use."""
    return [
        endpoint("/api/disputes", index, ADJUDICATOR),
        endpoint("/api/dispute", show, ADJUDICATOR),
        endpoint("/api/judge", judge, ADJUDICATOR, method="POST"),
        endpoint("/api/unjudge", unjudge, ADJUDICATOR, method="POST"),
        endpoint("/api/remark", remark, ADJUDICATOR, method="POST"),
        endpoint("/api/gold.csv", download, ADJUDICATOR),
    ]


def index(call: Call) -> dict[str, Any]:
    """Return the disputes that pass the filters, and how many there are in all and decided."""
    state = call.query.get("state", UNDECIDED)
    if state not in STATES:
        raise Refusal(400, "unfit-state")
    cases = disputes(call.site)
    wanted = filtered(
        cases,
        call.site.codebook,
        state=state,
        code=call.query.get("code", ""),
        rule=call.query.get("rule", ""),
    )
    return {
        "total": len(cases),
        "decided": sum(case.decision is not None for case in cases),
        "cases": [_line(case) for case in wanted],
    }


def show(call: Call) -> dict[str, Any]:
    """Return one dispute: the post, what each coder said, the discussion, and the decision."""
    case = _case(call, call.query.get("post_id", ""))
    sheet = _sheet(call, case.post_id)
    post = sheet.store.post(case.post_id)
    assert post is not None
    return {
        "post": shown(call.site, post),
        "codings": [_said(coding) for coding in case.codings],
        "choice": asdict(call.site.ledger(call.session.person, sheet).choice(case.post_id)),
        "decided_by": case.decision.coding.coder if case.decision else "",
        "remarks": [asdict(r) for r in sheet.store.remarks(case.post_id)],
    }


def judge(call: Call) -> dict[str, Any]:
    """Store a decision; it cites a rule, or says that none applies and why."""
    case = _case(call, call.data.get("post_id"))
    choice = read_choice(call.site.codebook, call.data)
    if not choice.code:
        raise Refusal(400, "no-code")
    if call.site.codebook.rules and not choice.rule and not choice.note.strip():
        raise Refusal(400, "rule-needed")
    call.site.ledger(call.session.person, _sheet(call, case.post_id)).record(case.post_id, choice)
    return {"choice": asdict(choice)}


def unjudge(call: Call) -> dict[str, Any]:
    """Take back the latest decision on the sheet of a post, and say which post it was."""
    sheet = _sheet(call, call.data.get("post_id"))
    return {"post_id": call.site.ledger(call.session.person, sheet).undo()}


def remark(call: Call) -> dict[str, Any]:
    """Add to the discussion of a post."""
    case = _case(call, call.data.get("post_id"))
    text = clean_text(call.data, "text", NOTE_LIMIT).strip()
    if not text:
        raise Refusal(400, "unfit-text")
    store = _sheet(call, case.post_id).store
    store.remark(case.post_id, call.session.person.name, text)
    return {"remarks": [asdict(r) for r in store.remarks(case.post_id)]}


def download(call: Call) -> Response:
    """Return gold as it stands as a CSV file."""
    headers = {"content-disposition": 'attachment; filename="gold.csv"'}
    body = csv_bytes(gold_columns(call.site), gold_rows(call.site))
    return Response(body, media_type="text/csv; charset=utf-8", headers=headers)


def _case(call: Call, post_id: Any) -> Dispute:
    found = disputes(call.site, post_id) if isinstance(post_id, str) else []
    if not found:
        raise Refusal(404, "no-such-dispute")
    return found[0]


def _sheet(call: Call, post_id: Any) -> Sheet:
    sheet = holder(call.site, post_id) if isinstance(post_id, str) else None
    if sheet is None:
        raise Refusal(404, "no-such-post")
    return sheet


def _line(case: Dispute) -> dict[str, Any]:
    return {
        "post_id": case.post_id,
        "codes": [coding.code for coding in case.codings],
        "decided": case.decision.coding.code if case.decision else "",
    }


def _said(coding: Coding) -> dict[str, Any]:
    return {
        "coder": coding.coder, "code": coding.code, "secondary": coding.secondary, "form": coding.form,
        "sure": coding.sure, "note": coding.note,
    }  # fmt: skip
