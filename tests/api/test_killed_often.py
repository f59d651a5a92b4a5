"""A service that is killed at moments nobody chose, again and again: what it has answered is there afterwards."""

from __future__ import annotations

import http.client
import json
import random
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from time import sleep

from tests.api.orders import CLEAN_NAMES, SAFE_STATES, options, sheet, values
from tests.serving import Service, running_service

ROUNDS = 3


class Told:
    """What the service has answered, over all its lives."""

    def __init__(self) -> None:
        self.jobs: list[str] = []
        self.applied: list[tuple[str, str]] = []
        self.stand: dict[str, bool] = {}

    def work(self, service: Service) -> None:
        """Clean, apply, confirm and take back without a pause, until the service is gone."""
        try:
            while True:
                job = service.tsv("POST", "/v1/tasks/clean", sheet()).options["job"]
                self.jobs.append(job)
                assert service.finished(job)["state"] == "done"
                n = self._carried_out(service, job, "apply", values(accept="safe"))
                self.applied.append((job, n))
                self._confirmed(service, job, n, stands=True)
                if len(self.jobs) % 2:
                    n = self._carried_out(service, job, "undo", values(CLEAN_NAMES, SAFE_STATES))
                    self.stand.pop(job)  # either may be so until the answer is here
                    self._confirmed(service, job, n, stands=False)
        except (OSError, http.client.HTTPException):
            return

    def holds(self, service: Service) -> None:
        """Check that all of it is so."""
        for job in self.jobs:
            assert service.finished(job)["state"] == "done"
        for job, n in self.applied:
            assert json.loads((service.folder / "journals" / f"{job}-{n}.journal.json").read_bytes())
        for job, stands in self.stand.items():
            assert service.request("GET", f"/v1/jobs/{job}/result").json["applied"] == (3 if stands else 0)

    def _carried_out(self, service: Service, job: str, what: str, body: str) -> str:
        reply = service.tsv("POST", f"/v1/jobs/{job}/{what}", body)
        assert (reply.status, reply.options["writes"]) == (200, "3"), reply.text
        return reply.options["application"]

    def _confirmed(self, service: Service, job: str, n: str, *, stands: bool) -> None:
        told = options(application=n, written="3", **({} if stands else {"undo": "1"}))
        assert service.tsv("POST", f"/v1/jobs/{job}/confirm", told).status == 200
        self.stand[job] = stands


def test_what_was_answered_outlives_every_kill(tmp_path: Path) -> None:
    told, moments = Told(), random.Random(8421)
    for _ in range(ROUNDS):
        with running_service(tmp_path) as service, ThreadPoolExecutor(2) as pool:
            told.holds(service)
            work = [pool.submit(told.work, service) for _ in range(2)]
            sleep(moments.uniform(0.1, 1.5))
            service.kill()
            for one in work:
                one.result()

    assert len(told.applied) > ROUNDS
    with running_service(tmp_path) as service:
        told.holds(service)
