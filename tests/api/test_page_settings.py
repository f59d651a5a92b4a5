"""The form of the settings, as a browser without scripts sends it."""

from __future__ import annotations

from pathlib import Path

from tests.endpoint import saying, scripted
from tests.serving import running_service
from tests.visiting import visitor


def test_a_try_without_a_model_names_those_that_the_endpoint_has_and_keeps_nothing(tmp_path: Path) -> None:
    with (
        running_service(tmp_path / "data", DESKHAND_LANGUAGE="en") as service,
        scripted(saying("Hello!"), models=("small-1", "large-2")) as endpoint,
    ):
        form = {"provider": "ollama", "base_url": endpoint.base_url, "do": "try"}
        told = visitor(service).post("/settings", form)

        assert told.status == 422
        assert "It is not said yet which model to ask. Set model to one of these: small-1, large-2." in told.text
        assert endpoint.requests == []
        assert not (service.folder / "settings.toml").exists()
