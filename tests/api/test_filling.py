"""The task ``fill`` over HTTP, as JSON and as a macro asks for it; without a model, by lists of words."""

from __future__ import annotations

from tests.serving import Service

COMMENTS = ["I love these shoes, wonderful quality", "Terrible service and a broken heel", "质量非常好，我很满意"]
CALL = {"grids": [{"sheet": "Shop", "columns": [["No", 1, 2, 3], ["Comment", *COMMENTS]]}]}


def test_a_new_column_comes_back_beside_the_cells_that_were_sent(service: Service) -> None:
    request = {"template": "sentiment", "language": "en"}
    job = service.request("POST", "/v1/tasks/fill", {**CALL, "request": request}, {"Prefer": "wait=10"}).json
    (table,) = service.request("GET", f"/v1/jobs/{job['job']}/result").json["tables"]

    assert (job["state"], job["engine"], job["gaps"]) == ("done", "rules", 0)
    assert table["header"] == ["Tendency", "Strength", "Keywords", "Score"]
    found = {change["cell"]: change["after"] for change in table["changes"]}
    assert [found[f"C{row}"] for row in range(1, 5)] == ["Tendency", "positive", "negative", "positive"]


def test_a_macro_sends_lists_and_settings_as_options(service: Service) -> None:
    body = (
        "#size\t4\t2\n#sheet\tShop\n#template\tlookup\n#columns\tCustomer\n#choices\tACME Ltd,Beta GmbH\n\n"
        "t:No\tt:Customer\nn:1\tt:acme ltd.\nn:2\tt:Beta Gmbh\nn:3\tt:Gamma\n"
    )
    reply = service.tsv("POST", "/v1/tasks/fill", body, {"Prefer": "wait=10", "Accept-Language": "zh"})
    lines = service.tsv("GET", f"/v1/jobs/{reply.options['job']}/result", headers={"Accept-Language": "zh"}).rows

    assert (reply.options["state"], reply.options["flags"]) == ("done", "1")
    assert [row[5] for row in lines] == ["t:匹配结果", "t:ACME Ltd", "t:Beta GmbH", "t:"]


def test_an_estimate_by_lists_costs_nothing_and_what_needs_a_model_says_so(service: Service) -> None:
    free = service.request("POST", "/v1/estimates/fill", {**CALL, "request": {"template": "proofread"}}).json
    refusal = service.request("POST", "/v1/estimates/fill", {**CALL, "request": {"template": "translate"}})

    assert (free["model_calls"], free["items"]) == (0, 0)
    assert (refusal.status, refusal.json["code"]) == (422, "fill-needs-model")
