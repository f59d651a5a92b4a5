"""The model over HTTP: its settings, a trial, estimates, the log of what left, and jobs that ask it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.endpoint import Scripted, scripted
from tests.jobs.asking_task import PROGRAM, in_capitals, without, words
from tests.llm.numbers import right_numbers
from tests.serving import Service, running_service

KEY = "sk-3f9a77"
HEADER = "t:Text"


@pytest.fixture(scope="module")
def asking(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A service whose task asks the model, one call after another."""
    environment = {"DESKHAND_LANGUAGE": "en", "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring"}
    with running_service(tmp_path_factory.mktemp("asking"), PROGRAM, **environment) as running:
        yield running


@pytest.fixture
def service(asking: Service) -> Iterator[Service]:
    """The same, with the settings taken back at the end."""
    yield asking
    back = {"provider": None, "base_url": None, "price_in": None, "budget_tokens": None, "concurrency": 1}
    assert asking.request("PUT", "/v1/model", {**back, "key": None}).status == 200


def use(service: Service, endpoint: Scripted, **further: Any) -> None:
    wanted = {"provider": "custom", "base_url": endpoint.base_url, "model": "scripted-1", "concurrency": 1, **further}
    reply = service.request("PUT", "/v1/model", wanted)
    assert reply.status == 200, reply.text


def call(texts: list[str], **further: Any) -> dict[str, Any]:
    return {"grids": [{"sheet": "S", "columns": [["Text", *texts]]}], **further}


def run(service: Service, texts: list[str], **further: Any) -> dict[str, Any]:
    job = service.request("POST", "/v1/tasks/clean", call(texts, **further)).json["job"]
    return service.finished(job)


def test_nothing_is_set_at_first(service: Service) -> None:
    told = service.request("GET", "/v1/model").json

    assert (told["provider"], told["host"], told["has_key"], told["problem"]) == (None, None, False, None)
    assert (told["temperature"], told["max_tokens"], told["local_only"]) == (0, 4096, False)
    assert service.request("GET", "/v1/sent").json == {"sent": []}
    assert service.request("POST", "/v1/model/test").status == 422


def test_settings_hold_at_once_and_the_key_goes_in_only(service: Service) -> None:
    changed = service.request("PUT", "/v1/model", {"provider": "deepseek", "temperature": 0.3, "key": KEY})
    shown = service.tsv("GET", "/v1/model")

    assert changed.status == 200
    told = changed.json
    assert (told["host"], told["is_local"], told["has_key"], told["key_place"]) == (
        "api.deepseek.com",
        False,
        True,
        "file",
    )
    assert "key" not in told
    assert (shown.options["temperature"], shown.options["has_key"], shown.options["local_only"]) == ("0.3", "1", "0")
    assert KEY not in changed.text + shown.text
    assert KEY not in (service.folder / "settings.toml").read_text("utf-8")
    back = service.tsv("PUT", "/v1/model", "#temperature\t\n#key\t\n\n").options
    assert (back["temperature"], back["has_key"]) == ("0.0", "0")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"provider": "opnai"}, "model-provider"),
        ({"base_url": "ftp://x", "model": "m"}, "model-url"),
        ({"temperature": 9}, "setting-value"),
        ({"temperature": "hot"}, "option-invalid"),
        ({"provider": "openai", "key": "two words"}, "model-key-shape"),
        ({"port": 80}, "unknown-option"),
        ({"folder": "/tmp"}, "unknown-option"),
    ],
)
def test_what_cannot_work_is_refused_and_nothing_is_kept(service: Service, body: dict[str, Any], code: str) -> None:
    before = service.request("GET", "/v1/model").json

    reply = service.request("PUT", "/v1/model", body)

    assert reply.status in (400, 422)
    assert reply.headers["deskhand-error"] == code
    assert service.request("GET", "/v1/model").json == before


def test_a_key_for_one_host_is_not_told_of_another(service: Service) -> None:
    service.request("PUT", "/v1/model", {"provider": "deepseek", "key": KEY})

    other = service.request("PUT", "/v1/model", {"provider": "moonshot"}).json

    assert (other["has_key"], "key" in other["problem"]) == (False, True)
    assert service.request("PUT", "/v1/model", {"provider": "deepseek"}).json["has_key"]
    service.request("PUT", "/v1/model", {"key": ""})


def test_the_endpoint_is_tried(service: Service) -> None:
    with scripted(right_numbers()) as endpoint:
        use(service, endpoint)
        found = service.request("POST", "/v1/model/test").json
        short = service.tsv("POST", "/v1/model/test").options

    assert (found["works"], found["rung"], found["rungs"], found["is_listed"]) == (
        True,
        "json_schema",
        {"json_schema": True},
        True,
    )
    assert found["found"]
    assert (short["works"], short["rung"], short["models"]) == ("1", "json_schema", "scripted-1")


def test_a_job_tells_what_it_cost_and_the_log_what_left(service: Service) -> None:
    with scripted(in_capitals()) as endpoint:
        use(service, endpoint, price_in=3, currency="CNY")
        done = run(service, words(4))
        again = service.tsv("GET", f"/v1/jobs/{run(service, words(4))['job']}").options
    lines = service.request("GET", f"/v1/sent?job={done['job']}").json["sent"]
    grid = service.tsv("GET", f"/v1/sent?limit=1&job={done['job']}")

    assert (done["state"], done["gaps"], done["calls"], done["kept"], done["currency"]) == ("done", 0, 2, 0, "CNY")
    assert done["cost"] == pytest.approx(done["tokens_in"] * 3 / 1_000_000)
    assert (again["calls"], again["kept"], again["gaps"]) == ("0", "4", "0")
    assert [(line["purpose"], line["items"], line["outcome"]) for line in lines] == [
        ("clean.capitals", 2, "answered")
    ] * 2
    assert all(line["request"] == "" and "TEXT" in line["reply"] for line in lines)
    assert (grid.options["count"], len(grid.rows)) == ("1", 1)
    assert grid.rows[0][2:5] == [f"t:{done['job']}", "t:clean", "t:clean.capitals"]


def test_the_text_of_what_left_is_kept_on_wish(service: Service) -> None:
    with scripted(in_capitals()) as endpoint:
        use(service, endpoint, log_text=True)
        job = run(service, ["kept text"])["job"]
        service.request("PUT", "/v1/model", {"log_text": False})
    (line,) = service.request("GET", f"/v1/sent?job={job}").json["sent"]

    assert "kept text" in line["request"]


def test_wishes_are_fields_of_the_call(service: Service) -> None:
    with scripted(in_capitals()) as endpoint:
        use(service, endpoint)
        assert run(service, words(3), no_model=True)["calls"] is None
        assert run(service, words(3), budget_tokens=5)["gaps"] == 3
        assert endpoint.requests == []
        run(service, words(3), model="larger")
        assert {request.body["model"] for request in endpoint.requests} == {"larger"}
        assert run(service, words(3), model="larger", fresh=True)["calls"] == 2
        tsv = "#size\t2\t1\n#no_model\t1\n\nt:Text\nt:text 1\n"
        job = service.tsv("POST", "/v1/tasks/clean", tsv).options["job"]
        assert service.finished(job)["calls"] is None
    assert service.request("POST", "/v1/tasks/clean", call(words(1), budget_tokens=0)).status == 400


def test_an_estimate_takes_the_body_that_would_start_it_and_asks_nothing(service: Service) -> None:
    with scripted(in_capitals()) as endpoint:
        use(service, endpoint, price_out=1)
        told = service.request("POST", "/v1/estimates/clean", call(["est a", "est b", "est c"])).json
        file = service.request("POST", "/v1/files?name=a.csv", "Text\nest a\nest b\n").json["file"]
        of_file = service.request("POST", "/v1/estimates/clean", {"file": file}).json
        tsv = service.tsv("POST", "/v1/estimates/clean", f"#size\t2\t1\n\n{HEADER}\nt:est a\n").options
        none = service.request("POST", "/v1/estimates/clean", call(words(1), no_model=True)).json
        nothing = service.request("POST", "/v1/estimates/clean", {})

        assert endpoint.requests == []
        assert (told["model"], told["is_local"], told["model_calls"], told["items"]) == ("scripted-1", True, 2, 3)
        assert (told["cost"] > 0, told["currency"]) == (True, "CNY")
        assert (of_file["items"], tsv["items"], tsv["model_calls"]) == (2, "1", "1")
        assert (none["model_calls"], none["model"]) == (0, "")
        assert nothing.headers["deskhand-error"] == "cells-or-file"
    service.request("PUT", "/v1/model", {"price_out": None, "currency": None})


def test_gaps_are_asked_again_and_the_new_result_is_shown(service: Service) -> None:
    texts = ["gap one", "gap two", "gap three"]
    with scripted(without("gap two")) as endpoint:
        use(service, endpoint)
        job = run(service, texts)
        assert (job["state"], job["gaps"], job["changes"]) == ("done", 1, 2)
        lines = service.request("GET", "/v1/jobs?limit=1").json["jobs"]
        assert (lines[0]["job"], lines[0]["gaps"]) == (job["job"], 1)
        result = service.request("GET", f"/v1/jobs/{job['job']}/result").json
        assert len(result["tables"][0]["changes"]) == 2
        endpoint._steps = [in_capitals()]
        endpoint.requests.clear()

        assert service.request("POST", f"/v1/jobs/{job['job']}/resume").json["state"] in ("queued", "running")
        after = service.finished(job["job"])

        assert (after["gaps"], after["changes"], after["kept"]) == (0, 3, 2)
        assert [item["text"] for item in endpoint.asked] == ["gap two"]
    result = service.request("GET", f"/v1/jobs/{job['job']}/result").json
    assert [change["after"] for change in result["tables"][0]["changes"]] == [text.upper() for text in texts]
    assert service.request("POST", f"/v1/jobs/{job['job']}/resume").status == 409


def test_without_the_token_nothing_is_told(service: Service) -> None:
    for method, path in (("GET", "/v1/model"), ("PUT", "/v1/model"), ("POST", "/v1/model/test"), ("GET", "/v1/sent")):
        assert service.request(method, path, headers={"Authorization": None}).status == 401


def test_no_key_is_in_any_file_but_its_own(service: Service, tmp_path: Path) -> None:
    with scripted(in_capitals()) as endpoint:
        use(service, endpoint, key=KEY, log_text=True)
        run(service, ["a text of its own"])
        assert endpoint.requests[0].headers["authorization"] == f"Bearer {KEY}"
        holding = {
            path.name for path in service.folder.rglob("*") if path.is_file() and KEY.encode() in path.read_bytes()
        }
        service.request("PUT", "/v1/model", {"log_text": False, "key": ""})

    assert holding == {"model.key"}
