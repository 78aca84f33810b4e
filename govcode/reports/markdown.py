"""The report as Markdown: text and tables; charts are files beside it."""

from __future__ import annotations

from collections.abc import Iterator

from govcode.reports.base import ReportTable
from govcode.reports.data import ReportData
from govcode.reports.safe import markdown, shown
from govcode.reports.sections import Examples, sections
from govcode.reports.wording import word


def render_markdown(data: ReportData) -> str:
    """Return the whole report; every cell of a stranger is escaped."""
    return "\n".join(_lines(data)) + "\n"


def markdown_table(table: ReportTable) -> Iterator[str]:
    """Yield a table in GitHub's form, or the reason why it is empty."""
    yield f"**{markdown(table.title)}**"
    yield ""
    if not table.rows:
        yield markdown(table.empty)
    else:
        yield _row(table.columns)
        yield "|" + "---|" + "---:|" * (len(table.columns) - 1)
        for row in table.rows:
            yield _row(row)
    for note in table.remarks:
        yield ""
        yield f"*{markdown(note)}*"
    yield ""


def _lines(data: ReportData) -> Iterator[str]:
    yield f"# {markdown(data.title)}"
    yield ""
    for section in sections(data):
        yield f"## {markdown(section.title)}"
        yield ""
        for text in section.text:
            yield markdown(text)
            yield ""
        for table in section.tables:
            yield from markdown_table(table)
        for group in section.examples:
            yield from _examples(group, data.language)
    yield word("made_by", data.language).format(data.version)


def _examples(group: Examples, language: str) -> Iterator[str]:
    yield f"**{markdown(group.label)}**"
    yield ""
    for post in group.posts:
        about = f"{post.account} {post.published_at[:10]} {post.post_id}"
        words = markdown(shown(f"{post.title} {post.text}".strip(), 160))
        yield f"- {words} ({markdown(about)})"
    if not group.posts:
        yield markdown(word("no_examples", language))
    yield ""


def _row(cells: tuple[str, ...]) -> str:
    return "| " + " | ".join(markdown(c) for c in cells) + " |"
