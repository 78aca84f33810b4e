"""Words of strangers made harmless: for pages, drawings, Markdown and LaTeX."""

from __future__ import annotations

import re
from html import escape as html_escape

# Marks that turn the direction of text, and other characters that show nothing and change what is read.
_HIDDEN = re.compile("[\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069\ufeff\u200b]")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_LATEX = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "&": r"\&", "#": r"\#", "%": r"\%",
    "_": r"\_", "^": r"\textasciicircum{}", "~": r"\textasciitilde{}", "<": r"\textless{}",
    ">": r"\textgreater{}", "|": r"\textbar{}", "−": r"$-$", "≥": r"$\ge$", "→": r"$\to$",
    "≤": r"$\le$", "Σ": r"$\Sigma$", "Δ": r"$\Delta$", "α": r"$\alpha$", "β": r"$\beta$", "κ": r"$\kappa$",
    "μ": r"$\mu$", "π": r"$\pi$", "ρ": r"$\rho$", "σ": r"$\sigma$", "τ": r"$\tau$", "χ": r"$\chi$",
    "²": r"\textsuperscript{2}", "°": r"$^{\circ}$", "’": "'", "\n": " ",
}  # fmt: skip
_LATEX_PATTERN = re.compile("|".join(map(re.escape, _LATEX)))
_MARKDOWN = re.compile(
    r"([\\`*_\[\]<>#|~$&]|^[-+=](?= )|(?<=^\d)[.)]|(?<=\w):(?=//)|(?<=www)\.|(?<=\w)@(?=\w))"
)
NAME_LIMIT = 40


def shown(text: str, limit: int = NAME_LIMIT) -> str:
    """Return text on one line, at most `limit` characters, hidden marks made visible as `[U+202E]`."""
    line = " ".join(text[: 4 * limit].split())
    line = _CONTROL.sub("\ufffd", _HIDDEN.sub(lambda m: f"[U+{ord(m[0]):04X}]", line))
    return line if len(line) <= limit else line[: limit - 1] + "…"


def visible(text: str, limit: int) -> str:
    """Return a passage as `shown`, with its line breaks kept."""
    text = _CONTROL.sub("\ufffd", _HIDDEN.sub(lambda m: f"[U+{ord(m[0]):04X}]", text[: 4 * limit]))
    return text if len(text) <= limit else text[: limit - 1] + "…"


def xml(text: str) -> str:
    """Escape text for element content and attributes of XML and HTML."""
    return html_escape(_CONTROL.sub("\ufffd", text), quote=True)


def latex(text: str) -> str:
    """Escape text for LaTeX: no command, group, math or comment of a stranger survives."""
    return _LATEX_PATTERN.sub(lambda m: _LATEX[m[0]], shown(text, 4000))


def markdown(text: str) -> str:
    """Escape text for a Markdown table cell: no link, HTML, emphasis or column of a stranger survives."""
    return _MARKDOWN.sub(r"\\\1", shown(text, 4000))
