"""Excel's list of add-ins: the first free place, never twice, and no gap when one goes."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.installing.open_values import edits_to_forget, edits_to_load, edits_to_unload, loaded
from services.installing.registry import Edit, Value
from tests.installing.machines import OPTIONS, MemoryRegistry

ADD_IN = Path("C:/Users/李 明/AppData/Roaming/Microsoft/AddIns/Deskhand.xlam")
ENTRY = f'"{ADD_IN}"'


def registry_with(**values: str) -> MemoryRegistry:
    registry = MemoryRegistry()
    registry.keys[OPTIONS] = {name: Value(text) for name, text in values.items()}
    return registry


def carried_out(registry: MemoryRegistry, edits: tuple[Edit, ...]) -> dict[str, object]:
    for edit in edits:
        if edit.value is None:
            registry.delete(edit.key, edit.name)
        else:
            registry.set(edit.key, edit.name, edit.value)
    return registry.texts(OPTIONS)


def load(registry: MemoryRegistry) -> dict[str, object]:
    return carried_out(registry, edits_to_load(OPTIONS, registry.values(OPTIONS), ADD_IN))


def unload(registry: MemoryRegistry) -> dict[str, object]:
    return carried_out(registry, edits_to_unload(OPTIONS, registry.values(OPTIONS), ADD_IN))


def test_the_first_add_in_of_all_is_called_open() -> None:
    assert load(registry_with(Font="Calibri,11")) == {"Font": "Calibri,11", "OPEN": ENTRY}


def test_the_next_one_takes_the_first_free_number() -> None:
    registry = registry_with(OPEN='"C:\\a.xlam"', OPEN1='/R "C:\\b.xll"', OPEN3="c.xlam")

    assert load(registry) == {"OPEN": '"C:\\a.xlam"', "OPEN1": '/R "C:\\b.xll"', "OPEN2": ENTRY, "OPEN3": "c.xlam"}


@pytest.mark.parametrize(
    "entry", [ENTRY, ENTRY.upper(), f"/R {ENTRY}", f"/R /F {ENTRY}", str(ADD_IN), '"Deskhand.xlam"', "deskhand.XLAM"]
)
def test_what_is_in_the_list_in_any_form_is_not_put_there_again(entry: str) -> None:
    assert edits_to_load(OPTIONS, registry_with(OPEN="a.xlam", OPEN1=entry).values(OPTIONS), ADD_IN) == ()


def test_an_add_in_of_the_same_name_elsewhere_gives_its_place() -> None:
    registry = registry_with(OPEN='"C:\\Downloads\\Deskhand.xlam"', OPEN1="b.xlam")

    assert load(registry) == {"OPEN": ENTRY, "OPEN1": "b.xlam"}


def test_of_two_entries_of_the_name_one_is_left_and_no_gap() -> None:
    registry = registry_with(OPEN=ENTRY, OPEN1="b.xlam", OPEN2='"D:\\Deskhand.xlam"', OPEN3="c.xlam")

    assert load(registry) == {"OPEN": ENTRY, "OPEN1": "b.xlam", "OPEN2": "c.xlam"}


def test_taking_it_out_moves_up_what_follows() -> None:
    registry = registry_with(OPEN="a.xlam", OPEN1=ENTRY, OPEN2='/R "b.xll"', OPEN3="c.xlam", Font="Calibri,11")

    assert unload(registry) == {"Font": "Calibri,11", "OPEN": "a.xlam", "OPEN1": '/R "b.xll"', "OPEN2": "c.xlam"}


def test_a_value_that_moves_up_keeps_its_kind() -> None:
    registry = registry_with(OPEN=ENTRY)
    registry.keys[OPTIONS]["OPEN1"] = Value(r"%ProgramFiles%\a.xlam", kind=2)
    unload(registry)

    assert registry.keys[OPTIONS] == {"OPEN": Value(r"%ProgramFiles%\a.xlam", kind=2)}


def test_a_gap_that_others_left_stays_as_it_is() -> None:
    registry = registry_with(OPEN="a.xlam", OPEN2=ENTRY, OPEN3="c.xlam")

    assert unload(registry) == {"OPEN": "a.xlam", "OPEN2": "c.xlam"}


def test_stopping_half_way_loses_no_other_add_in() -> None:
    others = {"a.xlam", "b.xlam", "c.xlam"}
    registry = registry_with(OPEN="a.xlam", OPEN1=ENTRY, OPEN2="b.xlam", OPEN3="c.xlam")
    for edit in edits_to_unload(OPTIONS, registry.values(OPTIONS), ADD_IN):
        carried_out(registry, (edit,))
        assert others <= set(registry.texts(OPTIONS).values())


def test_names_that_only_begin_alike_are_left_alone() -> None:
    values = registry_with(OPENING="Deskhand.xlam", OPEN01="Deskhand.xlam", OPEN="MyDeskhand.xlam").values(OPTIONS)

    assert edits_to_unload(OPTIONS, values, ADD_IN) == ()
    assert not loaded(values, ADD_IN)


def test_what_excel_keeps_of_an_unticked_add_in_is_forgotten() -> None:
    values = {str(ADD_IN): Value(""), r"C:\other.xlam": Value("")}

    assert edits_to_forget("key", values, ADD_IN) == (Edit("key", str(ADD_IN), None),)


@given(st.lists(st.sampled_from(["a.xlam", '/R "b.xll"', r'"C:\c.xlam"', '"D:\\x\\d.xla"']), max_size=8))
def test_loading_and_unloading_gives_the_list_that_was_there(entries: list[str]) -> None:
    registry = registry_with(**{f"OPEN{place or ''}": entry for place, entry in enumerate(entries)})
    before = registry.texts(OPTIONS)
    load(registry)
    assert loaded(registry.values(OPTIONS), ADD_IN)

    assert unload(registry) == before
