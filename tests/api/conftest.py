"""One running service for the tests that leave it as it was."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.serving import Service, running_service


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A service with small limits: 1 MB for a request, 2 MB for a file."""
    limits = {"DESKHAND_REQUEST_LIMIT_MB": "1", "DESKHAND_UPLOAD_LIMIT_MB": "2", "DESKHAND_LANGUAGE": "en"}
    with running_service(tmp_path_factory.mktemp("service"), **limits) as running:
        yield running
