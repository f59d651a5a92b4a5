"""The service that the stories speak to: one process for all that leave it running."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.serving import Service, running_service


@pytest.fixture(scope="session")
def story_service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A real service on a real port."""
    with running_service(tmp_path_factory.mktemp("stories")) as running:
        yield running
