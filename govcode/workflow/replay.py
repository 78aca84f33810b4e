"""Run a recorded step again from its manifest, into another place."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from govcode.workflow.fine_tune import FineTuning

LARGEST = 64 * 1024 * 1024
"""A step whose inputs hold more bytes than this is not run again unless everything is to be."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """A step as its manifest tells it; `inputs` and paths among `options` are where the files are now.

    `outputs` are the files as they were named, `subject` the one among them that is held up.
    """

    inputs: Sequence[str]
    options: Mapping[str, Any]
    outputs: Sequence[str]
    subject: str
    seed: int | None = None

    def known(self, kind: type[Any], **more: Any) -> dict[str, Any]:
        """Return the recorded options that an options record still has, lists as tuples; `more` wins."""
        names = {f.name for f in fields(kind)}
        found = {
            k: tuple(v) if isinstance(v, list) else v for k, v in self.options.items() if k in names
        }  # fmt: skip
        if self.seed is not None and "seed" in names:
            found["seed"] = self.seed
        return {**found, **more}


Replay = Callable[[Recorded, str], None]


def replay_of(command: str) -> Replay | None:
    """Return what runs a step of this command again, or None where nothing does."""
    return _REPLAYS.get(command)


def _ingest(step: Recorded, output: str) -> None:
    from govcode.workflow.ingest import IngestOptions, ingest

    ingest(step.inputs, output, IngestOptions(**step.known(IngestOptions, excluded=None)))


def _segment(step: Recorded, output: str) -> None:
    from govcode.workflow.segment import SegmentOptions, segment

    lists = [path for key in ("user_dictionary", "stop_words") if (path := step.options.get(key))]
    posts = step.inputs[: len(step.inputs) - len(lists)]
    segment(posts, output, SegmentOptions(**step.known(SegmentOptions, excluded=None)))


def _classify(step: Recorded, output: str) -> None:
    from govcode.workflow.classify import ClassifyOptions, classify
    from govcode.workflow.coder import coder_spec

    said = {key: str(value) for key, value in step.options.items() if value not in (None, "", "None")}
    wanted: dict[str, Any] = {"explain": said.get("explain") == "True"}
    if "model" in said:
        wanted["model"] = said["model"]
    if "max_error" in said:
        wanted["max_error"] = float(said["max_error"])
    spec = coder_spec(said.get("coder", "linear"), codebook=said.get("codebook"), **wanted)
    chosen = {
        k: v for k, v in step.known(ClassifyOptions).items() if k in ("mapping", "encoding", "excel")
    }  # fmt: skip
    chosen["form_in"] = step.options.get("from")
    classify(step.inputs, output, spec, ClassifyOptions(explain=wanted["explain"], **chosen))


def _sample(step: Recorded, output: str) -> None:
    """Draw again: `output` takes the frame, the sheets lie beside it under their own names."""
    from govcode.workflow.sample import SampleOptions, sample

    options = SampleOptions(**step.known(SampleOptions, frame=output, overwrite=True))
    sheet = Path(step.outputs[0]).name
    if len(options.coders) > 1:
        sheet = sheet.replace(f".{options.coders[0]}.", ".", 1)
    sample(step.inputs, options, output=str(Path(output).parent / sheet))


def _adjudicate(step: Recorded, output: str) -> None:
    from govcode.workflow.adjudicate import AdjudicateOptions, adjudicate_codings

    chosen = step.known(AdjudicateOptions, overwrite=True)
    beside = (chosen.get("frame"), *chosen.get("decisions", ()), *chosen.get("posts", ()))
    codings = step.inputs[: len(step.inputs) - sum(bool(path) for path in beside)]
    gold = output
    if chosen.get("queue"):
        waiting = step.subject == chosen["queue"]
        gold = str(Path(output).parent / "gold.csv") if waiting else output
        chosen["queue"] = output if waiting else str(Path(output).parent / Path(chosen["queue"]).name)
    adjudicate_codings(codings, AdjudicateOptions(**chosen), output=gold)


def _reliability(step: Recorded, output: str) -> None:
    from govcode.workflow.reliability import ReliabilityOptions, reliability

    posts = step.options.get("posts")
    beside = bool(posts) and Path(step.inputs[-1]).name == Path(str(posts)).name
    codings = step.inputs[: len(step.inputs) - beside]
    reliability(codings, ReliabilityOptions(**step.known(ReliabilityOptions)), output=output)


def _train(step: Recorded, output: str) -> None:
    """Train again into the folder of `output`, which is its card, with the learner that is recorded."""
    from govcode.workflow.train import train

    said = step.options
    train(
        said.get("posts") or step.inputs[:-1], gold=said.get("gold") or step.inputs[-1],
        output=str(Path(output).parent), codebook=said.get("codebook") or "functions",
        support=said.get("support") or (), seed=step.seed or 7, form=said.get("from"),
        encoding=said.get("encoding"), tuning=_tuning(said),
    )  # fmt: skip


def _tuning(said: Mapping[str, Any]) -> FineTuning | None:
    """Return how a transformer was fine-tuned; None for a linear model."""
    if said.get("learner") != "transformer":
        return None
    from govcode.coders.transformer.settings import TransformerSettings
    from govcode.workflow.fine_tune import FineTuning

    return FineTuning(TransformerSettings(**said["settings"]), with_linear=said.get("with_linear"))


def _evaluate(step: Recorded, output: str) -> None:
    from govcode.workflow.evaluate import EvaluateOptions, evaluate

    wrote = "errors" if step.options.get("wrote") == "errors" else "output"
    options = EvaluateOptions(**step.known(EvaluateOptions, fail_under=(), **{wrote: output}))
    evaluate(step.inputs[0], step.inputs[1], options)


def _estimate(step: Recorded, output: str) -> None:
    from govcode.workflow.estimate import EstimateOptions, estimate

    gold = step.inputs[1] if len(step.inputs) > 1 else None
    estimate(step.inputs[0], gold, EstimateOptions(**step.known(EstimateOptions, output=output)))


def _profile(step: Recorded, output: str) -> None:
    from govcode.workflow.profile import ProfileOptions, profile_table

    profile_table(step.inputs[0], ProfileOptions(**step.known(ProfileOptions)), output=output)


def _export(step: Recorded, output: str) -> None:
    from govcode.workflow.export import export

    said = step.options
    export(
        step.inputs[0], output, to=said.get("to"), language=str(said.get("lang", "both")),
        codebook=said.get("codebook"), form=said.get("from"), encoding=said.get("encoding"),
    )  # fmt: skip


def _report(step: Recorded, output: str) -> None:
    from govcode.workflow.report import ReportOptions, report

    said = step.options
    chosen = step.known(
        ReportOptions, language=str(said.get("lang", "zh")), form=said.get("from"),
        figures=str(Path(output).parent) if said.get("figures") else "",
        by=str(said["by"]).split(",") if said.get("by") else None,
    )  # fmt: skip
    report(said.get("coded") or step.inputs[:1], output, ReportOptions(**chosen))


def _migrate(step: Recorded, output: str) -> None:
    from govcode.workflow.exchange import migrate

    migrate(step.inputs[0], step.inputs[1], output)


_REPLAYS: Mapping[str, Replay] = {
    "ingest": _ingest,
    "segment": _segment,
    "classify": _classify,
    "sample": _sample,
    "adjudicate": _adjudicate,
    "reliability": _reliability,
    "train": _train,
    "evaluate": _evaluate,
    "estimate": _estimate,
    "profile": _profile,
    "export": _export,
    "report": _report,
    "codebook migrate": _migrate,
}
