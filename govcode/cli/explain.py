"""`govcode explain`: which words decided for one post."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from govcode.cli.console import console, print_json
from govcode.cli.options import CodebookOption, Json, Model
from govcode.errors import UsageError

if TYPE_CHECKING:
    from govcode.workflow.explain import Explained

app = typer.Typer(add_completion=False)


@app.command()
def explain(
    text: str | None = typer.Argument(
        None, metavar="[TEXT]", help="Text of the post; - reads it from stdin."
    ),
    title: str = typer.Option("", "--title", help="Title of the post."),
    posts: list[str] = typer.Option([], "--posts", help="Take the post from this table instead."),
    post_id: str = typer.Option(None, "--id", help="Its post_id (default: the first post)."),
    model: Model = "functions-zh",
    codebook: CodebookOption = None,
    as_json: Json = False,
) -> None:
    """Show which words spoke for and against the code of one post. 解释.

    Example: govcode explain --title 明天降温 "请添衣保暖，路面湿滑，提前出门。"
    """
    from govcode.workflow.explain import explain as run

    if text is None and not title and not posts:
        raise UsageError("There is no post to explain.", hint="Give a text, a --title, or --posts and --id.")
    result = run(text, title=title, posts=posts, post_id=post_id, model=model, codebook=codebook)
    if as_json:
        print_json(as_json_data(result))
    else:
        _render(result)


def as_json_data(result: Explained) -> dict[str, object]:
    """Return code, probabilities and evidence as JSON data."""
    coding = result.coding
    return {
        "post_id": coding.post_id, "code": coding.code, "secondary": coding.secondary, "form": coding.form,
        "status": coding.status, "coder": coding.coder,
        "probabilities": dict(zip(result.codes, coding.probabilities, strict=False)),
        "evidence": [e._asdict() for e in coding.evidence],
    }  # fmt: skip


def _render(result: Explained) -> None:
    from rich.text import Text

    coding = result.coding
    out = console(stderr=False)
    for name, part in zip(("title", "text"), result.text, strict=True):
        if part:
            out.print(_highlighted(f"{name}: ", part, result))
    out.print()
    heading = Text(coding.code, style="bold")
    heading.append(f" {coding.form}" if coding.form else "")
    heading.append(f" (then {coding.secondary})" if coding.secondary else "")
    heading.append(f"  {coding.status}, {coding.coder}", style="dim")
    out.print(heading)
    for code, p in zip(result.codes, coding.probabilities, strict=False):
        out.print(
            Text(f"  {code:<12} {p:5.3f} {'█' * round(30 * p)}", style="" if code == coding.code else "dim")
        )
    for e in coding.evidence:
        bar = ("+" if e.weight > 0 else "-") * max(1, min(20, round(20 * abs(e.weight))))
        where = f" ({e.where})" if e.where else ""
        out.print(Text(f"  {e.weight:+7.3f} {e.term}{where} {bar}", style="green" if e.weight > 0 else "red"))


def _highlighted(label: str, part: str, result: Explained) -> object:
    """Return the part with words for the code in green and words against it in red."""
    from rich.text import Text

    line = Text(label + part)
    for e in sorted(result.coding.evidence, key=lambda e: abs(e.weight)):
        if len(e.term) > 1 and e.where != "mark":
            line.highlight_words([e.term], "bold green" if e.weight > 0 else "bold red")
    return line
