"""Everything a report tells, before it is put into words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from govcode.codebook.model import Codebook
from govcode.evaluation.evaluation import Evaluation
from govcode.intercoder.results import Reliability
from govcode.profiles.profile import Profile
from govcode.records import Excluded


@dataclass(frozen=True, slots=True)
class ExamplePost:
    """A post as an example of its code; `terms` are the expressions or words that decided."""

    post_id: str
    account: str
    published_at: str
    title: str
    text: str
    form: str
    secondary: str
    probability: float | None
    terms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Flow:
    """Rows from the sources to the coded table; `earlier` are exclusions of the steps before."""

    read: int
    excluded: Mapping[str, int]
    posts: int


@dataclass(frozen=True)
class ReportData:
    """One study: coded posts profiled, judged and traced. What was not given is None or empty."""

    language: str
    title: str
    sources: tuple[str, ...]
    codebook: Codebook
    profile: Profile
    coder: str
    flow: Flow
    examples: Mapping[str, Sequence[ExamplePost]]
    left_out: Sequence[Excluded] = ()
    evaluation: Evaluation | None = None
    reliability: Reliability | None = None
    steps: Sequence[Mapping[str, Any]] = field(default=())
    """The manifests from the first step to the coded table."""
    gold_steps: Sequence[Mapping[str, Any]] = field(default=())
    """The manifests that led to gold and to the codings of people, where they are not among `steps`."""
    version: str = ""
    software: Mapping[str, str] = field(default_factory=dict)
    """Python and the libraries that decide figures, with their versions (several where steps differ)."""
    model_card: Mapping[str, Any] | None = None
    """The card of the model that coded, where it is at hand and is the very one."""
    files: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """Names of the files that figures rest on, by what they hold (`reports.sources`)."""
    figures: Mapping[str, str] = field(default_factory=dict)
    """Charts that were written as PDF: id -> path seen from the report."""
