"""Language and region, as the Settings button sets them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.serving import Service, running_service


@pytest.fixture
def own_service(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    """A service whose settings may change."""
    monkeypatch.delenv("DESKHAND_LANGUAGE", raising=False)
    with running_service(tmp_path) as running:
        yield running


def test_settings_are_kept_and_hold_at_once_and_after_a_restart(own_service: Service) -> None:
    before = own_service.tsv("GET", "/v1/settings").options
    changed = own_service.tsv("PUT", "/v1/settings", "#language\tzh\n#region\tcn\n\n").options
    refusal = own_service.tsv("GET", "/v1/nothing").text

    assert (before["language"], before["region"]) == ("auto", "")
    assert before["folder"] == str(own_service.folder)
    assert (changed["language"], changed["region"]) == ("zh", "CN")
    assert "服务" in refusal
    own_service.kill()
    with running_service(own_service.folder) as second:
        assert second.request("GET", "/v1/settings").json["region"] == "CN"
        taken_back = second.request("PUT", "/v1/settings", {"language": "auto", "region": ""}).json
        assert (taken_back["language"], taken_back["region"]) == ("auto", "")


def test_the_region_of_the_settings_holds_for_tasks_that_name_none(own_service: Service) -> None:
    phones = ["020 7946 0000", "020 7946 0001", "(020) 79460002", "020 7946 0003"]
    call = {"grids": [{"sheet": "People", "columns": [["Phone", *phones], ["Name", "Ann", "Bob", "Cid", "Dee"]]}]}

    def found() -> set[str]:
        job = own_service.request("POST", "/v1/tasks/clean", call, {"Prefer": "wait=10"}).json["job"]
        (table,) = own_service.request("GET", f"/v1/jobs/{job}/result").json["tables"]
        return {change["after"] for change in table["changes"]}

    before = found()
    own_service.request("PUT", "/v1/settings", {"region": "GB"})

    assert "020 7946 0002" not in before
    assert "020 7946 0002" in found()


@pytest.mark.parametrize("body", [{"region": "Mars"}, {"language": "xx"}, {"port": 80}, {"folder": "/tmp"}])
def test_a_setting_that_can_not_be_is_refused_and_nothing_is_kept(service: Service, body: dict[str, object]) -> None:
    reply = service.request("PUT", "/v1/settings", body)

    assert reply.status in (400, 422)
    assert service.request("GET", "/v1/settings").json["region"] == ""
    assert not (service.folder / "settings.toml").exists()
