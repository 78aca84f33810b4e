from __future__ import annotations

import json
from contextlib import ExitStack
from pathlib import Path

import pytest

from govcode.errors import InputError, UsageError
from govcode.page.ledger import Choice, Ledger
from govcode.page.sessions import ADJUDICATOR, CODER, Person, token_hash
from govcode.page.store import Store
from govcode.page.study import admit, check_name, export, link, open_site, read_suggestions
from govcode.records import Coding


def test_a_token_is_shown_once_and_kept_as_a_hash(sheet: Path) -> None:
    li = Person("li", CODER)
    with ExitStack() as closing:
        site = open_site([sheet], closing, codebook="functions", group=True).site
        token = admit(site, [li], lasting=True)[li]
        assert site.sheets[0].store.token_hash("coder:li") == token_hash(token)
        assert token not in "".join(site.sheets[0].store.db.iterdump())
    with ExitStack() as closing:
        site = open_site([sheet], closing, codebook="functions", group=True).site
        assert admit(site, [li], lasting=True) == {}
        assert site.sessions.exchange(token) is not None, "the link given before still works"
    with ExitStack() as closing:
        site = open_site([sheet], closing, codebook="functions", group=True).site
        assert admit(site, [li], lasting=True, renew=True)[li] != token
        assert site.sessions.exchange(token) is None


def test_alone_on_a_machine_tokens_die_with_the_server(sheet: Path) -> None:
    li = Person("li", CODER)
    with ExitStack() as closing:
        site = open_site([sheet], closing, codebook="functions").site
        tokens = {admit(site, [li], lasting=False)[li] for _ in range(2)}
        assert len(tokens) == 2
        assert site.sheets[0].store.token_hash("coder:li") == ""


def test_sessions_of_one_person_are_limited(sheet: Path) -> None:
    li = Person("li", CODER)
    with ExitStack() as closing:
        sessions = (site := open_site([sheet], closing, codebook="functions").site).sessions
        token = admit(site, [li], lasting=False)[li]
        cookies = [entered[0] for _ in range(10) if (entered := sessions.exchange(token))]
        assert [sessions.find(c) is not None for c in cookies] == [False] * 2 + [True] * 8
        assert sessions.find("") is None


def test_secrets_do_not_show_in_reprs(sheet: Path) -> None:
    with ExitStack() as closing:
        site = open_site([sheet], closing, codebook="functions").site
        li = Person("li", CODER)
        token = admit(site, [li], lasting=False)[li]
        found = site.sessions.exchange(token)
        assert found is not None
        assert found[1].csrf not in repr(found[1])


@pytest.mark.parametrize("name", ["", "  ", "gold", "a\nb", "x" * 61, "\x1b[31m"])
def test_names_that_would_confuse_tables_are_refused(name: str) -> None:
    with pytest.raises(UsageError):
        check_name(name)


def test_who_may_come_in(sheet: Path) -> None:
    with ExitStack() as closing:
        alone = open_site([sheet], closing, codebook="functions")
        assert alone.people(["李"], adjudicate=False, supervise=False) == [Person("李", CODER)]
        for names, adjudicate, supervise in (
            (["a", "b"], False, False),
            ([], True, False),
            (["a"], False, True),
        ):
            with pytest.raises(UsageError):
                alone.people(names, adjudicate=adjudicate, supervise=supervise)
        group = open_site([sheet], closing, codebook="functions", group=True)
        assert len(group.people(["a", "b", "a"], adjudicate=False, supervise=True)) == 3


def test_what_speaks_against_the_coding_is_told(sheet: Path) -> None:
    with ExitStack() as closing:
        opened = open_site([sheet], closing, codebook="functions")
        li = Person("li", ADJUDICATOR)
        assert opened.cautions([li]) == []
        Ledger(opened.site.sheets[0].store, "li", codebook=opened.site.codebook.hash).record(
            "p00001", Choice("NA")
        )
        assert "third person" in opened.cautions([li])[0]
        assert opened.cautions([Person("li", CODER)]) == []
        opened.site.suggestions = {"p00001": Coding("p00001", "m", "service")}
        assert "not for reliability" in opened.cautions([])[0]


def test_the_token_stands_behind_the_hash_sign() -> None:
    assert link("127.0.0.1", 80, "t") == "http://127.0.0.1:80/#token=t"
    assert link("::1", 80, "t") == "http://[::1]:80/#token=t"


def test_suggestions_are_read_from_a_coded_table(tmp_path: Path, sheet: Path) -> None:
    coded = tmp_path / "coded.csv"
    coded.write_text(
        "post_id,code,p_service,p_agenda\np00001,service,0.75,0.25\np2,NA,,\np3,x,,\n", encoding="utf-8"
    )
    with ExitStack() as closing:
        book = open_site([sheet], closing, codebook="functions").site.codebook
    found = read_suggestions(str(coded), book)
    assert list(found) == ["p00001"]
    assert max(found["p00001"].probabilities) == 0.75
    with pytest.raises(InputError, match="no columns post_id and code"):
        read_suggestions(str(sheet), book)


def test_an_export_has_a_manifest_and_the_same_bytes_again(tmp_path: Path, sheet: Path) -> None:
    out = tmp_path / "out.csv"
    with ExitStack() as closing:
        site = open_site([sheet], closing, codebook="functions").site
        for name in ("li", "wang"):
            Ledger(site.sheets[0].store, name, codebook=site.codebook.hash).record(
                "p00003", Choice("service")
            )
        assert export(site, str(out), coder="li").coders == ("li",)
        assert export(site, str(out)).rows == 2
        once = out.read_bytes()
        export(site, str(out))
        assert out.read_bytes() == once
    manifest = json.loads((tmp_path / "out.csv.manifest.json").read_text(encoding="utf-8"))
    assert manifest["inputs"][0]["path"].endswith("sheet.csv")
    assert manifest["codebook"]["hash"].startswith("sha256:")


def test_a_store_of_another_version_is_refused(tmp_path: Path) -> None:
    with Store(tmp_path / "s") as store:
        store.put("schema", "99")
    with pytest.raises(InputError, match="another version"):
        Store(tmp_path / "s")
