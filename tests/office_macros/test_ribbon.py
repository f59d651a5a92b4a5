"""The ribbon names callbacks that exist, says everything in both languages, and stands in the package twice."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import pytest
from lxml import etree

from office_macros.build import RIBBON, build, modules

UI_2010 = "http://schemas.microsoft.com/office/2009/07/customui"
UI_2007 = "http://schemas.microsoft.com/office/2006/01/customui"
SIGNATURES = {
    "onLoad": "ribbon As IRibbonUI",
    "onAction": "control As IRibbonControl",
    "getVisible": "control As IRibbonControl, ByRef returnedVal As Variant",
}
"""What Office calls (MS-CUSTOMUI 2.3.3): the callback's parameters by the attribute that names it."""

BUTTONS = ("Clean", "Review", "Apply", "Undo", "Fill", "Preview", "FillAll", "Jobs", "Settings", "Help")
CHINESE = re.compile(r"[\u4e00-\u9fff]")


def missing_callbacks(ribbon: bytes, sources: dict[str, str]) -> list[str]:
    """The callbacks that no module has with the parameters that Office gives."""
    subs = {
        name: parameters
        for source in sources.values()
        for name, parameters in re.findall(r"^Public Sub (\w+)\((.*)\)\s*$", source, re.M)
    }
    return [
        f"{value} ({attribute})"
        for element in etree.fromstring(ribbon).iter()
        for attribute, value in element.attrib.items()
        if attribute in SIGNATURES and subs.get(str(value)) != SIGNATURES[attribute]
    ]


@pytest.fixture(scope="module")
def ribbon() -> etree._Element:
    return etree.fromstring(RIBBON.read_bytes())


def buttons(ribbon: etree._Element, tab: str) -> list[etree._Element]:
    return list(ribbon.iterfind(f".//{{{UI_2010}}}tab[@id='{tab}']//{{{UI_2010}}}button"))


def test_every_callback_is_a_sub_with_the_parameters_that_office_gives() -> None:
    assert missing_callbacks(RIBBON.read_bytes(), modules()) == []


def test_a_missing_callback_is_found() -> None:
    sources = modules()
    sources["DhRibbon"] = sources["DhRibbon"].replace("Sub DhRibbonUndo(", "Sub DhRibbonUnod(")

    assert missing_callbacks(RIBBON.read_bytes(), sources) == ["DhRibbonUndo (onAction)"] * 2


def test_a_callback_with_other_parameters_is_found() -> None:
    sources = modules()
    sources["DhRibbon"] = sources["DhRibbon"].replace(
        "Sub DhRibbonHelp(control As IRibbonControl)", "Sub DhRibbonHelp()"
    )

    assert missing_callbacks(RIBBON.read_bytes(), sources) == ["DhRibbonHelp (onAction)"] * 2


@pytest.mark.parametrize("tab", ["DhTabEn", "DhTabZh"])
def test_a_tab_has_each_button_once_and_in_order(ribbon: etree._Element, tab: str) -> None:
    assert [button.get("onAction") for button in buttons(ribbon, tab)] == [f"DhRibbon{name}" for name in BUTTONS]
    assert [button.get("size", "normal") for button in buttons(ribbon, tab)] == ["large"] * 5 + ["normal"] * 5


@pytest.mark.parametrize("tab", ["DhTabEn", "DhTabZh"])
def test_a_button_has_all_that_a_person_needs(ribbon: etree._Element, tab: str) -> None:
    for button in buttons(ribbon, tab):
        assert all(button.get(name) for name in ("label", "imageMso", "screentip", "supertip", "keytip"))
        assert len(button.get("supertip", "")) <= 1024  # what Office shows (MS-CUSTOMUI, ST_LongString)
        assert len(button.get("keytip", "")) <= 3  # ST_Keytip
    assert len({button.get("keytip") for button in buttons(ribbon, tab)}) == len(BUTTONS)


def test_each_tab_speaks_its_language(ribbon: etree._Element) -> None:
    said = ("label", "screentip", "supertip")
    english = [button.get(name, "") for button in buttons(ribbon, "DhTabEn") for name in said]
    chinese = [button.get(name, "") for button in buttons(ribbon, "DhTabZh") for name in said]

    assert [text for text in english if CHINESE.search(text)] == []
    assert [text for text in chinese if not CHINESE.search(text)] == []


def test_both_tabs_have_the_same_icons_and_keys(ribbon: etree._Element) -> None:
    english, chinese = (
        [(button.get("imageMso"), button.get("keytip")) for button in buttons(ribbon, tab)]
        for tab in ("DhTabEn", "DhTabZh")
    )

    assert english == chinese


def test_every_id_is_there_once(ribbon: etree._Element) -> None:
    ids = [element.get("id") for element in ribbon.iter() if element.get("id")]

    assert len(ids) == len(set(ids))


def test_the_package_holds_the_ribbon_for_excel_and_for_programs_that_know_the_older_form(tmp_path: Path) -> None:
    with zipfile.ZipFile(build(tmp_path)) as archive:
        new, old = (archive.read(f"customUI/{name}.xml") for name in ("customUI14", "customUI"))
        relations = etree.fromstring(archive.read("_rels/.rels"))

    assert new == RIBBON.read_bytes()
    assert old == new.replace(UI_2010.encode(), UI_2007.encode())
    assert etree.fromstring(old).tag == f"{{{UI_2007}}}customUI"
    assert {
        relation.get("Target"): relation.get("Type")
        for relation in relations
        if "ui/extensibility" in relation.get("Type", "")
    } == {
        "customUI/customUI.xml": "http://schemas.microsoft.com/office/2006/relationships/ui/extensibility",
        "customUI/customUI14.xml": "http://schemas.microsoft.com/office/2007/relationships/ui/extensibility",
    }
    assert len({relation.get("Id") for relation in relations}) == len(relations)
