"""Run a recorded step again from its manifest, into another place."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from typing import Any

Options = Mapping[str, Any]
Replay = Callable[[Sequence[str], str, Options], None]

LARGEST = 64 * 1024 * 1024
"""A step whose inputs hold more bytes than this is not run again: it is not cheap."""


def replay_of(command: str) -> Replay | None:
    """Return what runs a step of this command again, or None where nothing does."""
    return _REPLAYS.get(command)


def _known(kind: type[Any], options: Options) -> dict[str, Any]:
    """Return the recorded options that an options record still has."""
    names = {f.name for f in fields(kind)}
    return {key: value for key, value in options.items() if key in names}


def _ingest(inputs: Sequence[str], output: str, options: Options) -> None:
    from govcode.workflow.ingest import IngestOptions, ingest

    ingest(inputs, output, IngestOptions(**{**_known(IngestOptions, options), "excluded": None}))


def _export(inputs: Sequence[str], output: str, options: Options) -> None:
    from govcode.workflow.export import export

    export(
        inputs[0], output, to=options.get("to"), language=str(options.get("lang", "both")),
        codebook=options.get("codebook"), form=options.get("from"), encoding=options.get("encoding"),
    )  # fmt: skip


def _reliability(inputs: Sequence[str], output: str, options: Options) -> None:
    from govcode.workflow.reliability import ReliabilityOptions, reliability

    known = _known(ReliabilityOptions, options)
    for name in ("coders", "gates"):
        known[name] = tuple(known.get(name) or ())
    reliability(inputs, ReliabilityOptions(**known), output=output)


def _report(inputs: Sequence[str], output: str, options: Options) -> None:
    from govcode.workflow.report import ReportOptions, report

    people = list(options.get("codings") or ())
    agenda = 1 if options.get("public_agenda") else 0
    gold = 1 if options.get("gold") else 0
    tables = len(inputs) - agenda - gold - len(people)
    others = list(inputs[tables:])
    report(
        inputs[:tables], output,
        ReportOptions(
            language=str(options.get("lang", "zh")), title=str(options.get("title") or ""),
            by=str(options["by"]).split(",") if options.get("by") else None,
            public_agenda=others[0] if agenda else "",
            gold=others[agenda] if gold else "",
            codings=others[agenda + gold :], check=options.get("check"), to=options.get("to"),
            assume_random=options.get("assume_random") is True,
            missing=tuple(options.get("missing") or ()), codebook=options.get("codebook"),
            form=options.get("from"), encoding=options.get("encoding"),
        ),
    )  # fmt: skip


def _classify(inputs: Sequence[str], output: str, options: Options) -> None:
    from govcode.workflow.classify import ClassifyOptions, classify
    from govcode.workflow.coder import coder_spec

    said = {key: str(value) for key, value in options.items() if value not in (None, "", "None")}
    wanted: dict[str, Any] = {"explain": said.get("explain") == "True"}
    if "model" in said:
        wanted["model"] = said["model"]
    if "max_error" in said:
        wanted["max_error"] = float(said["max_error"])
    spec = coder_spec(said.get("coder", "linear"), codebook=said.get("codebook"), **wanted)
    chosen = {
        k: v for k, v in _known(ClassifyOptions, options).items() if k in ("mapping", "encoding", "excel")
    }
    classify(inputs, output, spec, ClassifyOptions(explain=wanted["explain"], **chosen))


def _profile(inputs: Sequence[str], output: str, options: Options) -> None:
    from govcode.workflow.profile import ProfileOptions, profile_table

    known = _known(ProfileOptions, options)
    others = list(inputs[1:])
    against = len(known.get("against") or ())
    known["against"], others = others[:against], others[against:]
    for name in ("public_agenda", "gold"):
        known[name] = others.pop(0) if known.get(name) else ""
    profile_table(inputs[0], ProfileOptions(**known), output=output)


_REPLAYS: Mapping[str, Replay] = {
    "ingest": _ingest,
    "classify": _classify,
    "profile": _profile,
    "export": _export,
    "reliability": _reliability,
    "report": _report,
}
