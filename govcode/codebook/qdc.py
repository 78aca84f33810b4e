"""REFI-QDA codebooks (.qdc): the exchange form of NVivo, MAXQDA, ATLAS.ti and others.

Codes are top-level `Code` elements, forms are codes below them, definitions are descriptions. Border rules,
examples and expressions have no place there. Format: REFI-QDA Codebook 1.0 (qdasoftware.org).
"""

from __future__ import annotations

import uuid
from xml.etree import ElementTree as ET  # the parser resolves no external entities; DOCTYPE is refused

from govcode.codebook.hashing import with_hashes
from govcode.codebook.model import Code, Codebook, Form, say
from govcode.errors import CodebookError

NAMESPACE = "urn:QDA-XML:codebook:1.0"
_GUIDS = uuid.uuid5(uuid.NAMESPACE_URL, NAMESPACE)


def to_qdc(codebook: Codebook, language: str = "en") -> str:
    """Return the codebook as .qdc text; guids depend on the ids alone, so they stay from export to export."""
    ET.register_namespace("", NAMESPACE)
    root = ET.Element(_tag("CodeBook"), {"origin": "govcode"})
    codes = ET.SubElement(root, _tag("Codes"))
    for code in codebook.codes:
        passages = (
            say(text, language) for text in (code.question, code.definition, code.counts, code.excludes)
        )
        element = _element(codes, code.id, say(code.label, language), "\n".join(filter(None, passages)))
        for form in codebook.forms_of(code.id):
            note = "; ".join(filter(None, (say(form.label, language), say(form.overrides, language))))
            _element(element, form.id, "", note)
    ET.indent(root)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _element(parent: ET.Element, part: str, label: str, description: str) -> ET.Element:
    guid = str(uuid.uuid5(_GUIDS, part)).upper()
    name = f"{part} {label}".strip()
    element = ET.SubElement(parent, _tag("Code"), {"guid": guid, "name": name, "isCodable": "true"})
    if description:
        ET.SubElement(element, _tag("Description")).text = description
    return element


def from_qdc(text: str, source: str = "") -> Codebook:
    """Return a codebook from .qdc text: top-level codes as codes, codes below them as forms.

    Raises CodebookError where the text is not a REFI-QDA codebook or holds fewer than two codes.
    """
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise CodebookError(
            f"{source}: a .qdc file has no DOCTYPE.", hint="Export it again from your software."
        )
    try:
        root = ET.fromstring(text.lstrip("\ufeff").encode("utf-8"))
    except ET.ParseError as error:
        raise CodebookError(f"{source}: is not XML ({error}).") from error
    top = next((child for child in root if _name(child) == "Codes"), None)
    if _name(root) != "CodeBook" or top is None:
        raise CodebookError(f"{source}: is not a REFI-QDA codebook (no <CodeBook><Codes>).")
    codes: list[Code] = []
    forms: list[Form] = []
    for number, element in enumerate((c for c in top if _name(c) == "Code"), 1):
        code = _identifier(element, f"c{number}", {c.id for c in codes})
        label = element.get("name", code).removeprefix(f"{code} ")
        codes.append(Code(code, {"en": label}, definition={"en": _description(element)}))
        for below, child in enumerate(
            (c for c in element.iter() if _name(c) == "Code" and c is not element), 1
        ):
            taken = {f.id for f in forms} | {c.id for c in codes}
            form = _identifier(child, f"{code}-{below}", taken)
            forms.append(Form(form, {"en": _description(child, child.get("name", form))}, code))
    if len(codes) < 2:
        raise CodebookError(f"{source}: holds {len(codes)} top-level codes; a codebook needs two.")
    return with_hashes(
        Codebook("imported", "1", {"en": "Imported codebook"}, tuple(codes), tuple(forms), na_minimum=0)
    )


def _identifier(element: ET.Element, default: str, taken: set[str]) -> str:
    """Return the first word of the name where it can be an id, else the default."""
    word = (element.get("name") or "").split(" ")[0]
    usable = word.replace("_", "a").replace("-", "a").isalnum() and word not in taken and word != "NA"
    return word if usable else default


def _description(element: ET.Element, default: str = "") -> str:
    text = next((c.text or "" for c in element if _name(c) == "Description"), "").strip()
    return text or default or element.get("name", "") or "(no description)"


def _tag(name: str) -> str:
    return f"{{{NAMESPACE}}}{name}"


def _name(element: ET.Element) -> str:
    return element.tag.rpartition("}")[2]
