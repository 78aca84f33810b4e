"""Disagreements to gold: what is agreed passes, the rest is decided by a named rule or a named person."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from govcode.codebook.citations import cited_rules
from govcode.errors import CodingError, UsageError, choices
from govcode.records import Coding

MAJORITY, EXPERT, DISCUSSION = "majority", "expert", "discussion"
MODES = (MAJORITY, EXPERT, DISCUSSION)
AGREED, SINGLE = "agreed", "single"
GOLD = "gold"


@dataclass(frozen=True, slots=True)
class Decision:
    """A person's decision on one post: the code, who decided, when, and the rule it rests on."""

    post_id: str
    code: str
    secondary: str = ""
    form: str = ""
    rule: str = ""
    note: str = ""
    decided_by: str = ""
    decided_at: str = ""


@dataclass(frozen=True, slots=True)
class Gold:
    """One adjudicated post: the gold coding, how it came about, and the codings it rests on.

    `how` is agreed, single, majority, expert or discussion; `rule` the border rules cited.
    """

    coding: Coding
    how: str
    decided_by: str
    decided_at: str
    rule: str
    codings: tuple[Coding, ...]

    def votes(self) -> dict[str, float]:
        """Return the share of coders for each code they gave, most frequent first."""
        counts = Counter(coding.code for coding in self.codings)
        ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
        return {code: number / len(self.codings) for code, number in ordered}


@dataclass(frozen=True, slots=True)
class Adjudication:
    """Gold for the posts that are decided, and the posts that wait, with their codings."""

    gold: tuple[Gold, ...]
    queue: tuple[tuple[Coding, ...], ...]
    unused: tuple[str, ...]

    def counts(self) -> dict[str, int]:
        """Return the number of posts by how they were decided, and those waiting."""
        counts = Counter(item.how for item in self.gold)
        return {**{how: counts[how] for how in (AGREED, SINGLE, *MODES)}, "waiting": len(self.queue)}


def adjudicate(
    codings: Iterable[Coding], *, mode: str = DISCUSSION, expert: str = "",
    decisions: Mapping[str, Decision] | None = None, rules: Sequence[str] = (), ask_unsure: bool = False,
) -> Adjudication:  # fmt: skip
    """Settle the codings of each post.

    One coder: the coding passes (`single`). Equal codes: they pass (`agreed`), unless `ask_unsure` and
    nobody was sure. Otherwise a decision in `decisions` settles it; else `majority`: a code that more than
    half of the coders gave; `expert`: the coding of `expert`, who is no coder otherwise; `discussion`:
    nothing. What stays open is the queue. Secondary code and form follow the coders who gave the gold
    code, where more than half of them agree. Original codings are kept with every decision.
    Raises UsageError for an unknown mode, CodingError for an expert who coded nothing.
    """
    if mode not in MODES:
        raise UsageError(f"'{mode}' is not a mode.", hint=f"Choose from: {choices(MODES)}.")
    if (mode == EXPERT) != bool(expert):
        raise UsageError("The mode expert and --expert NAME go together.")
    posts: dict[str, list[Coding]] = {}
    verdicts = dict(decisions or {})
    found_expert = False
    for coding in codings:
        if coding.coder == expert and expert:
            found_expert = True
            verdicts.setdefault(coding.post_id, _expert_decision(coding, rules))
            posts.setdefault(coding.post_id, [])
        elif coding.coder != GOLD:
            posts.setdefault(coding.post_id, []).append(coding)
    if mode == EXPERT and not found_expert:
        raise CodingError(f"The expert '{expert}' coded no post.", hint="Check the spelling of --expert.")
    gold, queue = [], []
    for post_id, given in posts.items():
        settled = _settle(post_id, tuple(given), verdicts, mode, ask_unsure)
        if settled is None:
            queue.append(tuple(given))
        else:
            gold.append(settled)
    unused = tuple(post_id for post_id in decisions or {} if post_id not in posts)
    return Adjudication(tuple(gold), tuple(queue), unused)


def _expert_decision(coding: Coding, rules: Sequence[str]) -> Decision:
    rule = " ".join(cited_rules(coding.note, rules))
    return Decision(
        coding.post_id, coding.code, coding.secondary, coding.form, rule, coding.note, coding.coder,
        coding.coded_at,
    )  # fmt: skip


def _settle(
    post_id: str, given: tuple[Coding, ...], verdicts: Mapping[str, Decision], mode: str, ask_unsure: bool
) -> Gold | None:
    codes = Counter(coding.code for coding in given)
    doubtful = ask_unsure and bool(given) and all(coding.sure is False for coding in given)
    if len(codes) == 1 and not doubtful:
        return _passed(given, SINGLE if len(given) == 1 else AGREED)
    if post_id in verdicts:
        return _decided(given, verdicts[post_id], EXPERT if mode == EXPERT else DISCUSSION)
    if mode == MAJORITY and codes:
        code, number = codes.most_common(1)[0]
        if number * 2 > len(given) and not doubtful:
            return _passed(tuple(given), MAJORITY, code)
    return None


def _passed(given: tuple[Coding, ...], how: str, code: str = "") -> Gold:
    code = code or given[0].code
    behind = [coding for coding in given if coding.code == code]
    rules = " ".join(dict.fromkeys(rule for c in behind for rule in cited_rules(c.note)))
    coding = Coding(
        given[0].post_id, GOLD, code, secondary=_most(behind, lambda c: c.secondary),
        form=_most(behind, lambda c: c.form), sure=all(c.sure is not False for c in given),
        codebook=given[0].codebook, coded_at=max(c.coded_at for c in given),
    )  # fmt: skip
    return Gold(coding, how, " ".join(c.coder for c in behind), coding.coded_at, rules, given)


def _most(codings: Sequence[Coding], part: Callable[[Coding], str]) -> str:
    """Return what more than half of the coders wrote, else nothing."""
    value, number = Counter(part(coding) for coding in codings).most_common(1)[0]
    return value if number * 2 > len(codings) else ""


def _decided(given: tuple[Coding, ...], decision: Decision, how: str) -> Gold:
    coding = Coding(
        decision.post_id, GOLD, decision.code, secondary=decision.secondary, form=decision.form, sure=True,
        note=decision.note, codebook=given[0].codebook if given else "", coded_at=decision.decided_at,
    )  # fmt: skip
    return Gold(coding, how, decision.decided_by, decision.decided_at, decision.rule, given)
