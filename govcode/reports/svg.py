"""Drawings as SVG: real text (the reader's own fonts show Chinese), classes for colours, no script."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from govcode.reports.base import ReportTable
from govcode.reports.glyphs import outlined
from govcode.reports.safe import shown, xml

FONT = 13
NARROW = 520
COLOURS = 8

# Colours told apart by readers with any colour vision (after Okabe & Ito 2008), 3:1 against the ground.
LIGHT = ("#0072b2", "#c8500a", "#00806a", "#a0468a", "#8a6a00", "#2f86c1", "#5a5a5a", "#7a4b2a")
DARK = ("#56b4e9", "#f0803c", "#2fc4a4", "#e08fc6", "#e6c229", "#9ad0f5", "#b8b8b8", "#d0a17a")


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawing with its title, what it shows in words, and its data as a table."""

    id: str
    title: str
    description: str
    svg: str
    data: ReportTable


@dataclass
class Drawing:
    """An SVG that grows; coordinates in pixels of a width that the page scales."""

    width: float
    height: float
    parts: list[str] = field(default_factory=list)

    def text(self, x: float, y: float, words: str, *, anchor: str = "start", kind: str = "") -> None:
        """Write words at a baseline."""
        place = f'x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"'
        self.parts.append(f"<text {place}{_kind(kind)}>{xml(shown(words, 60))}</text>")

    def rect(
        self, x: float, y: float, w: float, h: float, *, kind: str = "", title: str = "", opacity: float = 1
    ) -> None:
        """Draw a box; `title` is told on hover."""
        fade = f' fill-opacity="{opacity:.3f}"' if opacity < 1 else ""
        inner = f"<title>{xml(shown(title, 120))}</title>" if title else ""
        self.parts.append(
            f'<rect x="{x:.1f}" y="{y:.1f}" width="{max(w, 0):.1f}" height="{h:.1f}"{fade}{_kind(kind)}>'
            f"{inner}</rect>"
        )

    def line(
        self, x1: float, y1: float, x2: float, y2: float, *, kind: str = "axis", width: float = 0
    ) -> None:  # fmt: skip
        """Draw a line; `width` 0 leaves it to the style."""
        thick = f' stroke-width="{width:.2f}"' if width else ""
        self.parts.append(
            f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"{thick}{_kind(kind)}/>'
        )

    def circle(self, x: float, y: float, r: float, *, kind: str = "", title: str = "") -> None:
        """Draw a dot."""
        inner = f"<title>{xml(shown(title, 120))}</title>" if title else ""
        self.parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{r:.1f}"{_kind(kind)}>{inner}</circle>')

    def path(self, points: list[tuple[float, float]], *, kind: str) -> None:
        """Draw a line through points."""
        steps = " ".join(f"{'L' if i else 'M'}{x:.1f} {y:.1f}" for i, (x, y) in enumerate(points))
        self.parts.append(f'<path d="{steps}" fill="none"{_kind(kind)}/>')

    def svg(self, name: str, title: str, description: str) -> str:
        """Return the drawing with its text alternative; narrow ones fit a phone."""
        narrow = " narrow" if self.width <= NARROW else ""
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {self.width:.0f} {self.height:.0f}" '
            f'width="{self.width:.0f}" height="{self.height:.0f}" '
            f'role="img" aria-labelledby="{name}-t {name}-d" class="chart{narrow}">'
            f'<title id="{name}-t">{xml(title)}</title><desc id="{name}-d">{xml(description)}</desc>'
            f"{''.join(self.parts)}</svg>"
        )


def text_width(words: str, size: float = FONT) -> float:
    """Return about how wide words are: Chinese characters one em, others a little over half."""
    return sum(size if ord(c) > 0x2E7F else size * 0.58 for c in shown(words, 60))


def chart_style(
    colours: tuple[str, ...] = LIGHT, ink: str = "#1b1f24", faint: str = "#68707a", ground: str = "#fff"
) -> str:
    """Return the CSS of drawings with fixed colours, for an SVG that stands alone."""
    rules = [
        'text{font:13px system-ui,"PingFang SC","Microsoft YaHei","Noto Sans CJK SC","govcode-sc",sans-serif;'
        f"fill:{ink}}}",
        f".ink{{fill:{ink}}}",
        f".faint{{fill:{faint}}}",
        f".axis{{stroke:{faint};stroke-width:1;opacity:.3}}",
        f".mark{{stroke:{faint};stroke-dasharray:4 3}}",
        f".box{{fill:{faint};opacity:.25}}",
        f".heat{{fill:{colours[0]}}}",
        f".tie{{stroke:{faint};opacity:.5}}",
    ]
    for number, value in enumerate(colours):
        rules.append(
            f".f{number}{{fill:{value}}}.s{number}{{stroke:{value};stroke-width:2}}"
            f".o{number}{{fill:{ground};stroke:{value};stroke-width:1.5}}"
        )
    return "".join(rules)


def standalone(chart: Chart) -> str:
    """Return a chart as an SVG file with its own style on white ground, its text as outlines."""
    drawn = outlined(chart.svg)
    start = drawn.index(">") + 1
    ground = '<rect width="100%" height="100%" fill="#fff"/>'
    head = '<?xml version="1.0" encoding="UTF-8"?>\n'
    return f"{head}{drawn[:start]}<style>{chart_style()}</style>{ground}{drawn[start:]}\n"


def ceiling(values: Sequence[float]) -> float:
    """Return the end of an axis of shares: the next of 4, 8, 20, 40, 60, 80, 100%."""
    most = max(values, default=1.0)
    return next((step for step in (0.04, 0.08, 0.2, 0.4, 0.6, 0.8) if most <= step), 1.0)


def colour(number: int) -> int:
    """Return the number of a colour class for the nth code."""
    return number % COLOURS


def _kind(kind: str) -> str:
    return f' class="{kind}"' if kind else ""
