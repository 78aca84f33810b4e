"""What changed between two codebooks, in words."""

from __future__ import annotations

from govcode.codebook.diff import diff_codebooks
from govcode.codebook.load import read_text
from govcode.codebook.model import Codebook
from govcode.codebook.parse import parse_codebook

SHIPPED = read_text("functions")[0]


def book(*changes: tuple[str, str]) -> Codebook:
    text = SHIPPED
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    parsed, _ = parse_codebook(text)
    assert parsed is not None
    return parsed


def test_equal_codebooks_do_not_differ() -> None:
    result = diff_codebooks(book(), book())
    assert result.same and result.same_rules and not result.changes


def test_a_renamed_code_is_recognised() -> None:
    result = diff_codebooks(book(), book(('"service"', '"services"')))
    assert result.renamed_codes == {"service": "services"} and not result.same
    assert not any(c.kind == "codes" and c.what in ("added", "removed") for c in result.changes)


def test_definitions_forms_rules_and_order_are_named() -> None:
    result = diff_codebooks(
        book(),
        book(
            ("以告知事实为主要目的", "以告诉事实为主要目的"),
            ('tie_break = ["appeal", "service"', 'tie_break = ["service", "appeal"'),
            ('id = "B27"', 'id = "B28"'),
            ('id = "I2"\ncode = "information"\nhard = true', 'id = "I2"\ncode = "agenda"\nhard = true'),
        ),
    )
    found = {(c.kind, c.id, c.what, c.field) for c in result.changes}
    assert ("codes", "information", "changed", "definition.zh") in found
    assert ("codebook", "", "changed", "tie_break") in found
    assert ("rules", "B27", "renamed", "id") in found
    assert ("forms", "I2", "changed", "code") in found


def test_a_changed_weight_is_one_change_of_the_rule_coder_only() -> None:
    source = next(e.source for _, e in book().expressions if e.form == "I5")
    weight = next(e.weight for _, e in book().expressions if e.form == "I5")
    old, new = (f"{{ weight = {w:g}, match = '{source}' }}" for w in (weight, weight + 1))
    result = diff_codebooks(book(), book((old, new)))
    assert result.same and not result.same_rules
    assert [(c.kind, c.id, c.what, c.before, c.after) for c in result.changes] == [
        ("expressions", "I5", "changed", weight, weight + 1)
    ]
