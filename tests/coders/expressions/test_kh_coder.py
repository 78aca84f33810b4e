"""KH Coder's coding rules: read, written, and what cannot be said is said."""

from __future__ import annotations

import pytest

from govcode.codebook.load import load_codebook
from govcode.coders.expressions.kh_coder import from_kh_coder, to_kh_coder
from govcode.coders.expressions.parser import parse
from govcode.errors import CodebookError

RULES = """# a remark
＊投诉
投诉 | 反映 & ! 表扬
or 市长+热线

＊热线
near(市长-热线)[5] | seq(拨打-热线) | '打电话'　|　12345 >= 2

＊两者
<＊投诉> and ( <＊热线> )
＊长文
lc > 500
＊外部
<>部门-->公安
"""


def test_rules_become_codes_with_expressions() -> None:
    book, notes = from_kh_coder(RULES)
    assert book.ids == ("投诉", "热线", "两者", "长文", "外部")
    sources = {code.id: [e.source for e in code.expressions] for code in book.codes}
    assert sources["投诉"] == ['word:"投诉" | word:"反映" & ! word:"表扬" | word:"市长"+"热线"']
    assert sources["热线"][0].split(" | ") == [
        'near(word:"市长", word:"热线", 5)',
        'before(word:"拨打", word:"热线", 10)',
        '"打电话"',
        'count(word:"12345") >= 2',
    ]
    assert sources["长文"] == ["length > 500"] and sources["外部"] == []
    assert len(notes) == 1 and "line 13, ＊外部" in notes[0]
    for listed in sources.values():
        for source in listed:
            parse(source)


def test_what_is_no_rule_file_is_refused() -> None:
    with pytest.raises(CodebookError, match="0 rules"):
        from_kh_coder("投诉 | 反映")


def test_shipped_expressions_are_written_and_read_again() -> None:
    written, notes = to_kh_coder(load_codebook())
    assert "＊I5" in written and "＊市民诉求" in written
    assert any("title" in note for note in notes), "what KH Coder cannot say is noted"
    book, losses = from_kh_coder(written)
    assert not losses and "市民诉求" in book.ids
