"""A coded table in, the profile of its accounts out."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from sys import intern
from typing import Any

from govcode.codebook.model import Codebook
from govcode.errors import CodingError, InputError, UsageError, choices
from govcode.metrics.figures import as_data
from govcode.profiles.base import CodedPost
from govcode.profiles.profile import GROUPINGS, Profile, profile
from govcode.profiles.wording import LIMITS
from govcode.records import NA, Post, RowCount
from govcode.workflow.agenda import read_agenda
from govcode.workflow.agenda_series import with_series
from govcode.workflow.coded import CodedSource, open_coded
from govcode.workflow.correct import GoldSource, corrected
from govcode.workflow.lineage import learned_from
from govcode.workflow.manifest import Manifest, file_record, write_manifest
from govcode.workflow.protect import refuse_input
from govcode.workflow.recode import codes_of, recoded, with_recodings
from govcode.workflow.texts import TextFile
from govcode.writers.base import STREAM, write_text

SHANGHAI = timezone(timedelta(hours=8))
Watch = Callable[[Mapping[str, Any], CodedPost], None]
_REPLIED = ("replied_at", "reply_time", "答复时间", "回复时间")
_REPLY_KIND = ("reply_kind", "答复类型")
_DEPARTMENT = ("department", "部门", "主管部门")


@dataclass(frozen=True)
class Profiled:
    """A profile, the codebook it speaks of, and what happened while reading."""

    profile: Profile
    codebook: Codebook
    coder: str
    count: RowCount
    notes: tuple[str, ...]
    files: Mapping[str, Sequence[str]]
    """Names of the files that figures rest on, by what they hold."""


@dataclass(frozen=True)
class ProfileOptions:
    """What a user may choose; see docs/profile.md.

    `against` are other codings of the same posts, `sensitivity` codes them again with the other coders.
    `public_agenda` is a table of issues (see `read_agenda`); with `gold` shares are corrected as by
    `govcode estimate`. `check` is a date, `missing` are dates or spans (`2023-01-01:2023-01-07`) that the
    crawl did not cover.
    """

    by: Sequence[str] | None = None
    check: str | None = None
    missing: Sequence[str] = ()
    synergy: bool = True
    public_agenda: str = ""
    agenda_series: str = ""
    against: Sequence[str] = ()
    sensitivity: bool = False
    gold: str = ""
    assume_random: bool = False
    codebook: str | None = None
    form: str | None = None
    encoding: str | None = None


def profile_table(source: str, options: ProfileOptions | None = None, *, output: str = STREAM) -> Profiled:
    """Profile the accounts of a coded table; write the profile as JSON to `output` unless that is `-`.

    Raises UsageError for a wrong date or grouping, InputError where the table has no column for it.
    """
    chosen = options or ProfileOptions()
    refuse_input(output, source, chosen.gold)
    table = open_coded(source, codebook=chosen.codebook, form=chosen.form, encoding=chosen.encoding)
    book, by = table.codebook, grouping(table, chosen.by)
    kept: list[Post] = []
    posts, coder, notes = read_posts_of(table, _keeper(kept) if chosen.sensitivity else None)
    issues = read_agenda(chosen.public_agenda) if chosen.public_agenda else ()
    made = profile(
        posts, book, by=by, check=date_of(chosen.check, "--check-date") if chosen.check else None,
        missing=spans(chosen.missing), synergy=chosen.synergy,
        issues=issues,
    )  # fmt: skip
    made, said = with_series(made, posts, issues, chosen.agenda_series)
    notes += said
    if chosen.gold:
        gold = GoldSource(chosen.gold, chosen.assume_random, chosen.form, chosen.encoding)
        made = corrected(made, posts, source, gold, book)
        notes += correction_notes(made, source, chosen.gold)
    others = [codes_of(path, book.source) for path in chosen.against]
    if chosen.sensitivity:
        others += recoded(kept, coder, book)
    made = with_recodings(made, posts, others, book)
    files = _files(source, chosen, others)
    result = Profiled(made, book, coder, table.count, (*table.notes, *notes), files)
    if output != STREAM:
        _write(source, output, chosen, result)
    return result


def _files(
    source: str, options: ProfileOptions, others: Sequence[tuple[str, Any]]
) -> dict[str, tuple[str, ...]]:
    """Return what a profile rests on: coded, gold, agenda, other (codings, by file or coder)."""
    named = {
        "coded": (source,), "gold": tuple(filter(None, (options.gold,))),
        "agenda": tuple(filter(None, (options.public_agenda, options.agenda_series))),
        "other": tuple(name for name, _ in others),
    }  # fmt: skip
    return {kind: names for kind, names in named.items() if names}


def _write(source: str, output: str, options: ProfileOptions, result: Profiled) -> None:
    write_text(output, json.dumps(as_json_data(result), ensure_ascii=False, indent=2) + "\n")
    named = [
        source,
        *options.against,
        *filter(None, (options.public_agenda, options.agenda_series, options.gold)),
    ]
    book, overall = result.codebook, result.profile.overall
    write_manifest(
        output,
        Manifest(
            "profile", options=as_data(options), inputs=[file_record(path) for path in named],
            outputs=[file_record(output)],
            codebook={"name": book.source, "id": book.id, "version": book.version, "hash": book.hash},
            model={"name": result.coder},
            counts={"read": result.count.read, "excluded": dict(result.count.excluded)},
            results={
                "codable": overall.codable,
                "shares": {s.code: s.best.value for s in overall.shares},
            },
            notes=result.notes,
        ),
    )  # fmt: skip


def read_posts_of(table: CodedSource, watch: Watch | None = None) -> tuple[list[CodedPost], str, list[str]]:
    """Read the posts of a coded table: the posts, the name of their coder, and sentences for the user.

    A post that comes twice is taken once; `watch` sees each row with its post. Raises
    CodingError for a code the codebook does not have.
    """
    known = {*table.codebook.ids, NA, ""}
    posts: list[CodedPost] = []
    seen: set[str] = set()
    texts = TextFile()
    coder, repeated, undated = "", 0, 0
    for row in table:
        values = row.values
        code = _text(values.get("code"))
        if code not in known:
            raise CodingError(
                f"{table.path}, line {row.line}: '{code}' is not a code of '{table.codebook.id}'.",
                hint=f"Codes: {choices((*table.codebook.ids, NA))}. Another codebook? Use --codebook.",
            )
        post = _post(values, code, texts)
        if post.post_id and post.post_id in seen:
            repeated += 1
            continue
        seen.add(post.post_id)
        posts.append(post)
        coder = coder or _text(values.get("coder"))
        undated += post.published is None
        if watch is not None:
            watch(values, post)
    notes = [f"{repeated} repeated posts were taken once"] if repeated else []
    if undated:
        notes.append(f"{undated} of {len(posts)} posts have no readable date and are not in figures of time")
    return posts, coder, notes


def _post(values: Mapping[str, Any], code: str, texts: TextFile) -> CodedPost:
    """Return a post; what comes again and again is kept once, its text in a file."""
    words = "\n".join(filter(None, (_text(values.get("title")), _text(values.get("text")))))
    return CodedPost(
        post_id=_text(values.get("post_id")), account=intern(_text(values.get("account"))),
        platform=intern(_text(values.get("platform"))), published=moment(_text(values.get("published_at"))),
        code=intern(code), secondary=intern(_text(values.get("secondary"))),
        form=intern(_text(values.get("form"))), status=intern(_text(values.get("status"))),
        passage=texts.add(words) if words else "", texts=texts,
        reply=_text(values.get("reply")), replied=moment(_first(values, _REPLIED)),
        department=intern(_first(values, _DEPARTMENT)), reply_kind=intern(_first(values, _REPLY_KIND)),
    )  # fmt: skip


def moment(text: str) -> datetime | None:
    """Read an ISO date or time as time in Shanghai (also without a zone); None where it is neither."""
    if not text:
        return None
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    return found.astimezone(SHANGHAI).replace(tzinfo=None) if found.tzinfo else found


def grouping(table: CodedSource, by: Sequence[str] | None) -> tuple[str, ...]:
    """Return the columns to group by: as wanted, else by account where the table has accounts.

    Raises UsageError for an unknown grouping, InputError for one the table has no column for.
    """
    if by is None:
        return ("account",) if "account" in table.columns else ()
    for name in by:
        column = "published_at" if name == "month" else name
        if name not in GROUPINGS:
            raise UsageError(f"--by {name}: unknown.", hint=f"Choose from: {choices(GROUPINGS)}.")
        known = set(_DEPARTMENT) if name == "department" else {column}
        if not known & set(table.columns):
            raise InputError(
                f"{table.path}: has no column '{column}' to group by.",
                hint=f"It has: {choices(table.columns)}.",
            )
    return tuple(by)


def spans(texts: Sequence[str]) -> frozenset[date]:
    """Return all days of dates and spans `start:end` (both included)."""
    days: set[date] = set()
    for text in texts:
        start, _, end = text.partition(":")
        first = date_of(start, "--not-crawled")
        last = date_of(end, "--not-crawled") if end else first
        days.update(first + timedelta(d) for d in range((last - first).days + 1))
    return frozenset(days)


def date_of(text: str, option: str) -> date:
    """Read the date of an option; raise UsageError naming the option."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise UsageError(f"{option} {text}: is not a date.", hint="Write it as 2023-04-30.") from None


def _first(values: Mapping[str, Any], columns: Sequence[str]) -> str:
    return next((text for c in columns if (text := _text(values.get(c)))), "")


def _text(value: Any) -> str:
    return "" if value is None else str(value).strip()


def _keeper(kept: list[Post]) -> Watch:
    """Return what keeps posts as coders need them while the table is read."""

    def keep(row: Mapping[str, Any], post: CodedPost) -> None:
        title, text = _text(row.get("title")), _text(row.get("text"))
        kept.append(Post(post.post_id, text, title, platform=post.platform, reply=post.reply))

    return keep


def correction_notes(found: Profile, coded: str, gold: str) -> list[str]:
    """Return why nothing was corrected, where that is so, and whether the model learned from this gold."""
    seen = learned_from(coded, gold)
    notes = [str(seen)] if seen else []
    if found.correction is not None and not found.correction.method:
        notes.append(f"shares are not corrected: {found.correction.reason}")
    return notes


def as_json_data(result: Profiled) -> dict[str, Any]:
    """Return the profile as JSON data, with its source and what each figure cannot say.

    Every figure has its denominator `n`, an interval (`low`, `high`) or in `note` the reason why there is
    none, and in `source` the kinds of `files` it rests on.
    """
    book = result.codebook
    return {
        "source": {
            "files": {kind: list(names) for kind, names in result.files.items()},
            "coder": result.coder, "read": result.count.read, "excluded": dict(result.count.excluded),
            "codebook": {"id": book.id, "version": book.version, "hash": book.hash},
        },
        "profile": as_data(result.profile),
        "alignment": {"computable": result.profile.overall.alignment is not None},
        "limits": {name: dict(text) for name, text in LIMITS.items()},
        "facet_limits": {facet.id: dict(facet.limit) for facet in book.facets},
        "notes": list(result.notes),
    }  # fmt: skip
