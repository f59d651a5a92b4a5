"""The list of templates that a form shows."""

from __future__ import annotations

from tests.serving import Service


def test_the_templates_are_listed_with_their_columns_and_settings(service: Service) -> None:
    lines = {line["name"]: line for line in service.request("GET", "/v1/templates").json["templates"]}

    assert set(lines) == {
        *("classify", "extract", "lookup", "polish", "proofread", "rewrite", "sentiment", "summarise", "tag"),
        "translate",
    }
    assert lines["sentiment"] == {
        "name": "sentiment",
        "title": "Sentiment",
        "what": "Judge a text: its tendency, how strong it is, the words that show it, and a score from -1 to 1.",
        "columns": ["Tendency", "Strength", "Keywords", "Score"],
        "variables": [],
        "needs_choices": False,
        "without_model": True,
    }
    assert [line["name"] for line in lines.values() if line["without_model"]] == ["lookup", "proofread", "sentiment"]
    assert lines["classify"]["needs_choices"]
    assert lines["translate"]["variables"][0] == {
        "name": "target",
        "title": "Language to translate into",
        "default": "Chinese",
    }
    assert lines["extract"]["columns"] == []


def test_a_macro_gets_them_as_a_grid_in_its_language(service: Service) -> None:
    reply = service.tsv("GET", "/v1/templates", headers={"Accept-Language": "zh"})

    assert reply.options["count"] == "10"
    assert "name\ttitle\twhat\tcolumns\tvariables\tneeds_choices\twithout_model" in reply.text
    by_name = {row[0]: row for row in ([cell.partition(":")[2] for cell in row] for row in reply.rows)}
    assert by_name["sentiment"][3] == "情感倾向; 情感强度; 情感关键词; 情感得分"
    assert by_name["translate"][1:5] == [
        "翻译",
        "翻译文字；数字和拉丁字母写的名称保持不变。",
        "译文",
        "target=英文; rule=",
    ]
