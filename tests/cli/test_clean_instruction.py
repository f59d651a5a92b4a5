"""``deskhand clean --instruction``: what a person sees of what was understood, on the screen and in JSON."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cli.orders import Deskhand

BEERS = "size,city\n" + "12.0 oz,Bend\n16 oz,Gary\n8.4 oz.,Reno\n" * 5
ASKED = "size: number only, no trailing .0; make the city sound nicer"


def beers(folder: Path) -> Path:
    path = folder / "beers.csv"
    path.write_text(BEERS, encoding="utf-8")
    return path


def test_what_was_understood_is_done_and_told_and_what_was_not_is_told(deskhand: Deskhand, tmp_path: Path) -> None:
    output = tmp_path / "out.csv"
    code, out, err = deskhand("clean", beers(tmp_path), "-o", output, "--instruction", ASKED)
    said = " ".join(out.split())
    assert (code, err) == (0, "")
    assert output.read_text("utf-8").splitlines()[:4] == ["size,city", "12,Bend", "16,Gary", "8.4,Reno"]
    assert "Your instruction was followed here: the number only, no .0 at the end. Cells: 15." in said
    assert "Not understood of your instruction, and not done: “make the city sound nicer”." in said
    assert 'set a model with "deskhand model"' in said


def test_it_stands_in_json_and_in_chinese(deskhand: Deskhand, tmp_path: Path) -> None:
    asked = "size 只保留数字；city 弄得好听一点"
    _, out, _ = deskhand(
        "clean", beers(tmp_path), "-o", tmp_path / "o.csv", "--instruction", asked, "--json", "--language", "zh"
    )
    flags = [flag for flag in json.loads(out)["tables"][0]["flags"] if flag["rule"] == "instruction"]
    assert [(flag["cell"], flag["reason"]) for flag in flags] == [
        ("A1", "本列已按您的要求处理：只保留数字。单元格数：15。"),
        (
            "A1:B1",
            "您的要求中有没理解的部分，没有处理：“city 弄得好听一点”。规则只能读懂直白的说法：请写出列名换一种说法，"
            "或用“deskhand model”设置模型。",
        ),
    ]


def test_a_saved_recipe_does_the_same_without_the_instruction(deskhand: Deskhand, tmp_path: Path) -> None:
    source, recipe = beers(tmp_path), tmp_path / "recipe.toml"
    first, again = tmp_path / "first.csv", tmp_path / "again.csv"
    deskhand("clean", source, "-o", first, "--instruction", ASKED, "--save-recipe", recipe)
    code, _, _ = deskhand("clean", source, "-o", again, "--recipe", recipe)
    assert code == 0
    assert again.read_bytes() == first.read_bytes()
    code, _, err = deskhand("clean", source, "-o", again, "--recipe", recipe, "--instruction", ASKED)
    assert code != 0
    assert "Both a recipe and an instruction were given." in err
