"""From a selection to changed cells and back, as the macros do it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.api.orders import (
    CLEAN_NAMES,
    NAMES,
    SAFE_STATES,
    STATES,
    applied,
    as_json,
    cells,
    cleaned,
    options,
    sheet,
    taken_back,
    values,
)
from tests.serving import Service, running_service

ALL_STATES = ("open", "open", *STATES[2:])


def test_a_click_on_clean_ends_in_what_to_write(service: Service) -> None:
    started = service.tsv("POST", "/v1/tasks/clean", sheet(workbook="Book1.xlsx"), {"Prefer": "wait=10"})
    job = started.options["job"]

    assert started.status == 200
    assert started.headers["location"] == f"/v1/jobs/{job}"
    told = started.options
    assert (told["task"], told["state"], told["workbook"], told["engine"]) == ("clean", "done", "Book1.xlsx", "rules")
    assert (told["changes"], told["safe"], told["review"], told["flags"]) == ("4", "3", "1", "0")
    assert (told["application"], told["applied"]) == ("0", "0")
    assert started.rows == [["t:Orders", "t:A2:B11"]]

    reply = service.tsv("POST", f"/v1/jobs/{job}/apply", values(accept="safe"))

    assert reply.status == 200
    assert reply.text == (
        "#size\t3\t9\n#header\tkind\ttable\tsheet\trow\tcolumn\tvalue\tformat\tid\ttext\n"
        "#application\t1\n#writes\t3\n#conflicts\t0\n\n"
        "t:write\tn:1\tt:Orders\tn:2\tn:1\tt:Ann\t\tt:1\t\n"
        "t:write\tn:1\tt:Orders\tn:4\tn:1\tt:Cid\t\tt:4\t\n"
        "t:write\tn:1\tt:Orders\tn:3\tn:2\tt:OPEN\t\tt:2\t\n"
    )

    confirmed = service.tsv("POST", f"/v1/jobs/{job}/confirm", options(application=1, written=3))

    assert (confirmed.options["application"], confirmed.options["applied"]) == ("1", "3")


def test_the_review_has_a_line_for_each_change_safe_ones_ticked(service: Service) -> None:
    job = cleaned(service)

    reply = service.tsv("GET", f"/v1/jobs/{job}/result")

    assert reply.options["columns"] == (
        "accept,cell,sheet,column,before,after,reason,verdict,state,confidence,proposer,rule,id"
    )
    assert reply.options["visible_only"] == "0"
    assert [[row[0], row[1], row[4], row[5], row[12]] for row in reply.rows] == [
        ["b:1", "t:A2", "t:Ann ", "t:Ann", "t:1"],
        ["b:1", "t:B3", "t:OPEN ", "t:OPEN", "t:2"],
        ["b:0", "t:B3", "t:OPEN", "t:open", "t:3"],
        ["b:1", "t:A4", "t: Cid", "t:Cid", "t:4"],
    ]


def test_the_review_says_what_was_applied_and_what_was_left_alone(service: Service) -> None:
    job = cleaned(service)
    before = {row[12]: row[8] for row in service.tsv("GET", f"/v1/jobs/{job}/result").rows}

    applied(service, job, "safe", values(("Anna", *NAMES[1:]), accept="safe"))

    after = {row[12]: row[8] for row in service.tsv("GET", f"/v1/jobs/{job}/result").rows}
    assert after["t:4"] == "t:changed"
    assert after["t:3"] == before["t:3"]
    assert after["t:1"] == "t:A2: no longer holds Ann "


def test_only_what_is_ticked_is_written(service: Service) -> None:
    job = cleaned(service)

    assert cells(service.tsv("POST", f"/v1/jobs/{job}/apply", values(accept="4"))) == [("A4", "t:Cid", "4")]


def test_ids_can_be_given_as_spans(service: Service) -> None:
    job = cleaned(service)

    reply = service.tsv("POST", f"/v1/jobs/{job}/apply", values(accept="1-2, 4"))

    assert cells(reply) == [("A2", "t:Ann", "1"), ("A4", "t:Cid", "4"), ("B3", "t:OPEN", "2")]


def test_two_changes_of_a_cell_are_one_write(service: Service) -> None:
    job = cleaned(service)

    reply = service.tsv("POST", f"/v1/jobs/{job}/apply", values(accept="all"))

    assert cells(reply) == [("A2", "t:Ann", "1"), ("A4", "t:Cid", "4"), ("B3", "t:open", "3")]


def test_a_cell_edited_meanwhile_is_a_conflict_and_not_written(service: Service) -> None:
    job = cleaned(service)

    reply = service.tsv("POST", f"/v1/jobs/{job}/apply", values(("Anna", *NAMES[1:]), accept="safe"))

    assert cells(reply) == [("A4", "t:Cid", "4"), ("B3", "t:OPEN", "2")]
    assert cells(reply, "conflict") == [("A2", "t:Anna", "1")]
    assert "A2" in reply.rows[-1][8]


def test_a_conflict_is_told_in_the_callers_language(service: Service) -> None:
    job, body = cleaned(service), values(("Anna", *NAMES[1:]), accept="1")

    told = service.tsv("POST", f"/v1/jobs/{job}/apply", body, {"Accept-Language": "zh-CN,zh;q=0.9"})

    assert "A2" in told.rows[0][8]
    assert any("\u4e00" <= character <= "\u9fff" for character in told.rows[0][8])


def test_a_formula_that_stands_there_by_now_is_left_alone(service: Service) -> None:
    job = cleaned(service)

    reply = service.tsv("POST", f"/v1/jobs/{job}/apply", values(accept="1").replace("t:Ann ", "f:t:Ann "))

    assert cells(reply, "conflict") == [("A2", "t:Ann ", "1")]


def test_nothing_to_write_is_no_application(service: Service) -> None:
    job = cleaned(service)

    reply = service.tsv("POST", f"/v1/jobs/{job}/apply", values(accept="none"))

    assert (reply.options["application"], reply.options["writes"]) == ("0", "0")
    assert service.tsv("POST", f"/v1/jobs/{job}/confirm", options(application=0)).options["application"] == "0"


def test_what_was_applied_before_is_neither_written_again_nor_a_conflict(service: Service) -> None:
    job = cleaned(service)
    applied(service, job, "safe")

    reply = service.tsv("POST", f"/v1/jobs/{job}/apply", values(CLEAN_NAMES, SAFE_STATES, accept="all"))

    assert cells(reply) == [("B3", "t:open", "3")]
    assert cells(reply, "conflict") == []


def test_an_id_that_is_not_there_is_not_found(service: Service) -> None:
    job = cleaned(service)

    reply = service.tsv("POST", f"/v1/jobs/{job}/apply", values(accept="1,77"))

    assert (reply.status, reply.headers["deskhand-error"]) == (404, "unknown-change")


def test_rows_that_are_too_many_are_told_before_anything_is_written(service: Service) -> None:
    job = cleaned(service)

    reply = service.tsv("POST", f"/v1/jobs/{job}/apply", values((*NAMES, "Kim"), (*STATES, "open")))

    assert (reply.status, reply.headers["deskhand-error"]) == (409, "range-moved")
    assert service.tsv("GET", f"/v1/jobs/{job}").options["application"] == "0"


def test_a_whole_undo_brings_everything_back(service: Service) -> None:
    job = cleaned(service)
    applied(service, job, "all", values(accept="all"))

    reply = taken_back(service, job, values(CLEAN_NAMES, ALL_STATES))

    assert cells(reply) == [("A2", "t:Ann ", "1"), ("A4", "t: Cid", "4"), ("B3", "t:OPEN ", "3")]
    told = service.tsv("GET", f"/v1/jobs/{job}").options
    assert (told["application"], told["applied"]) == ("1", "0")
    again = service.tsv("POST", f"/v1/jobs/{job}/undo", values())
    assert (again.status, again.headers["deskhand-error"]) == (404, "nothing-applied")


def test_one_change_can_be_taken_back_by_its_id_or_its_cell(service: Service) -> None:
    for wish in ({"change": "4"}, {"cell": "A4"}, {"cell": "Orders!$A$4"}, {"cell": "'orders'!a4"}):
        job = cleaned(service)
        applied(service, job)

        reply = taken_back(service, job, values(CLEAN_NAMES, SAFE_STATES, **wish))

        assert cells(reply) == [("A4", "t: Cid", "4")]
        assert service.tsv("GET", f"/v1/jobs/{job}").options["applied"] == "2"


def test_a_cell_that_was_not_changed_has_nothing_to_take_back(service: Service) -> None:
    job = cleaned(service)
    applied(service, job)

    for wish, code in (
        ({"cell": "A9"}, "cell-not-applied"),
        ({"cell": "Other!A4"}, "cell-not-applied"),
        ({"change": "3"}, "change-not-applied"),
    ):
        reply = service.tsv("POST", f"/v1/jobs/{job}/undo", values(CLEAN_NAMES, SAFE_STATES, **wish))
        assert (reply.status, reply.headers["deskhand-error"]) == (404, code)


def test_a_cell_edited_since_is_left_alone_by_undo(service: Service) -> None:
    job = cleaned(service)
    applied(service, job)

    reply = taken_back(service, job, values(("Anna", *CLEAN_NAMES[1:]), SAFE_STATES))

    assert cells(reply) == [("A4", "t: Cid", "4"), ("B3", "t:OPEN ", "2")]
    assert cells(reply, "conflict") == [("A2", "t:Anna", "1")]


def test_undo_takes_back_the_last_time_and_then_the_one_before(service: Service) -> None:
    job = cleaned(service)
    applied(service, job, "1", values(accept="1"))
    first = ("Ann", *NAMES[1:])
    applied(service, job, "4", values(first, accept="4"))

    last = taken_back(service, job, values(CLEAN_NAMES))
    between = service.tsv("GET", f"/v1/jobs/{job}").options
    before = taken_back(service, job, values(first))

    assert (between["application"], between["applied"]) == ("1", "1")
    assert (last.options["application"], cells(last)) == ("2", [("A4", "t: Cid", "4")])
    assert (before.options["application"], cells(before)) == ("1", [("A2", "t:Ann ", "1")])


def test_what_was_taken_back_can_be_applied_again(service: Service) -> None:
    job = cleaned(service)
    applied(service, job, "1", values(accept="1"))
    taken_back(service, job, values(("Ann", *NAMES[1:])))

    reply = applied(service, job, "1", values(accept="1"))

    assert (reply.options["application"], cells(reply)) == ("2", [("A2", "t:Ann", "1")])


def test_an_undo_that_was_never_confirmed_is_simply_asked_for_again(service: Service) -> None:
    job = cleaned(service)
    applied(service, job, "1", values(accept="1"))
    after = values(("Ann", *NAMES[1:]))

    first = service.tsv("POST", f"/v1/jobs/{job}/undo", after)
    second = service.tsv("POST", f"/v1/jobs/{job}/undo", after)

    assert cells(first) == cells(second) == [("A2", "t:Ann ", "1")]
    assert service.tsv("GET", f"/v1/jobs/{job}").options["applied"] == "1"


def test_changes_whose_writing_was_never_confirmed_can_be_taken_back(service: Service) -> None:
    job = cleaned(service)
    service.tsv("POST", f"/v1/jobs/{job}/apply", values(accept="safe"))  # and Excel goes away halfway

    reply = taken_back(service, job, values(("Ann", *NAMES[1:])))

    assert cells(reply) == [("A2", "t:Ann ", "1")]
    assert cells(reply, "conflict") == []


def test_an_apply_that_was_never_confirmed_and_is_asked_for_again_is_taken_back_once(service: Service) -> None:
    job = cleaned(service)
    lost = service.tsv("POST", f"/v1/jobs/{job}/apply", values(accept="safe"))
    assert lost.options["writes"] == "3"
    applied(service, job)

    undone = taken_back(service, job, values(CLEAN_NAMES, SAFE_STATES))

    assert undone.options["writes"] == "3"
    assert service.request("GET", f"/v1/jobs/{job}/result").json["applied"] == 0
    assert service.tsv("POST", f"/v1/jobs/{job}/undo", values()).status == 404


def test_what_was_undone_by_hand_and_applied_again_is_taken_back_once(service: Service) -> None:
    job = cleaned(service)
    applied(service, job)
    again = applied(service, job, accept="1")  # into cells that hold what they held before the first time
    assert cells(again) == [("A2", "t:Ann", "1")]

    told = service.tsv("GET", f"/v1/jobs/{job}").options
    assert (told["application"], told["applied"]) == ("2", "1")
    taken_back(service, job, values(("Ann", *NAMES[1:])))

    result = service.request("GET", f"/v1/jobs/{job}/result").json
    assert result["applied"] == 2  # the two others of the first time, which only the host knows to be gone


def test_eight_applies_at_once_leave_one_of_them_to_take_back(service: Service) -> None:
    job = cleaned(service)
    with ThreadPoolExecutor(8) as pool:
        replies = list(pool.map(lambda _: service.tsv("POST", f"/v1/jobs/{job}/apply", values(accept="1,2")), range(8)))
    assert [reply.options["writes"] for reply in replies] == ["2"] * 8
    assert sorted(int(reply.options["application"]) for reply in replies) == [1, 2, 3, 4, 5, 6, 7, 8]
    for reply in replies:
        told = options(application=reply.options["application"], written="2")
        assert service.tsv("POST", f"/v1/jobs/{job}/confirm", told).status == 200

    undone = taken_back(service, job, values(("Ann", *NAMES[1:]), SAFE_STATES))

    assert undone.options["writes"] == "2"
    assert service.request("GET", f"/v1/jobs/{job}/result").json["applied"] == 0


def test_spans_without_end_are_refused(service: Service) -> None:
    job = cleaned(service)

    reply = service.tsv("POST", f"/v1/jobs/{job}/apply", values(accept=",".join(["1-900000"] * 2)))

    assert (reply.status, reply.headers["deskhand-error"]) == (400, "option-invalid")


def test_confirming_twice_changes_nothing(service: Service) -> None:
    job = cleaned(service)
    applied(service, job)
    taken_back(service, job, values(CLEAN_NAMES, SAFE_STATES, change="4"))

    service.tsv("POST", f"/v1/jobs/{job}/confirm", options(application=1, written=3))
    service.tsv("POST", f"/v1/jobs/{job}/confirm", options(application=1, written=1, undo="1"))

    assert service.tsv("GET", f"/v1/jobs/{job}").options["applied"] == "2"


def test_rows_sorted_since_are_noticed_by_undo(service: Service) -> None:
    names = [f"{name.strip()}\u00a0" for name in NAMES]
    job = cleaned(service, sheet(names, workbook="Book1.xlsx"))
    applied(service, job, "all", values(names, accept="all"))
    clean = [name.strip() for name in NAMES]

    reply = service.tsv("POST", f"/v1/jobs/{job}/undo", values(clean[::-1], ALL_STATES))

    assert (reply.status, reply.headers["deskhand-error"]) == (409, "cells-moved")


def test_json_says_the_same_as_tsv(service: Service) -> None:
    call = {
        "grids": [{"sheet": "Orders", "columns": [["Name", *NAMES], ["Status", *STATES]]}],
        "workbook": "Book1.xlsx",
    }
    started = service.request("POST", "/v1/tasks/clean", call, {"Prefer": "respond-async, wait=10"})
    job = started.json["job"]
    grid = as_json(("Anna", *NAMES[1:]))

    reply = service.request("POST", f"/v1/jobs/{job}/apply", {"accept": "1,4", "grids": [grid]})

    assert started.json["tables"] == [{"sheet": "Orders", "range": "A2:B11", "header": ["Name", "Status"]}]
    assert reply.json["application"] == 1
    assert reply.json["writes"] == [
        {"table": 1, "sheet": "Orders", "row": 4, "column": 1, "value": "Cid", "format": None, "id": "4"}
    ]
    (left,) = reply.json["conflicts"]
    assert (left["row"], left["column"], left["value"], left["id"], left["code"]) == (2, 1, "Anna", "1", "edited")


def test_a_date_is_written_as_a_serial_number_with_its_format(service: Service) -> None:
    days = ["2024-01-05", "2024-02-13", "2024-03-07"]
    call = {"grids": [{"sheet": "Days", "columns": [["Day", *days], ["Item", "a", "b", "c"]]}]}
    job = service.request("POST", "/v1/tasks/clean", call, {"Prefer": "wait=10"}).json["job"]
    grid = {"sheet": "Days", "address": "A2", "columns": [days, ["a", "b", "c"]]}

    writes = service.request("POST", f"/v1/jobs/{job}/apply", {"grids": [grid]}).json["writes"]

    assert [(write["row"], write["value"], write["format"]) for write in writes] == [
        (2, {"date": 45296.0}, "yyyy-mm-dd"),
        (3, {"date": 45335.0}, "yyyy-mm-dd"),
        (4, {"date": 45358.0}, "yyyy-mm-dd"),
    ]


def test_several_areas_are_told_apart(service: Service) -> None:
    one = sheet(workbook="Book1.xlsx")
    other = sheet(("Zoe ", *NAMES[1:])).replace("#sheet\tOrders", "#sheet\tReturns\n#address\tD5")
    job = cleaned(service, one + other)
    ranges = service.tsv("GET", f"/v1/jobs/{job}").rows
    current = values(accept="safe") + values(("Zoe ", *NAMES[1:])).replace(
        "#sheet\tOrders\n#address\tA2", "#sheet\tReturns\n#address\tD6"
    )

    reply = service.tsv("POST", f"/v1/jobs/{job}/apply", current)

    assert ranges == [["t:Orders", "t:A2:B11"], ["t:Returns", "t:D6:E15"]]
    assert [row[1:6] for row in reply.rows if row[4] in ("n:1", "n:4")] == [
        ["n:1", "t:Orders", "n:2", "n:1", "t:Ann"],
        ["n:1", "t:Orders", "n:4", "n:1", "t:Cid"],
        ["n:2", "t:Returns", "n:6", "n:4", "t:Zoe"],
        ["n:2", "t:Returns", "n:8", "n:4", "t:Cid"],
    ]


def test_the_journal_of_an_application_is_written_before_the_reply_and_outlives_a_kill(tmp_path: Path) -> None:
    with running_service(tmp_path) as first:
        job = cleaned(first)
        first.tsv("POST", f"/v1/jobs/{job}/apply", values(accept="1"))
        first.kill()

    assert [path.name for path in (tmp_path / "journals").iterdir()] == [f"{job}-1.journal.json"]
    with running_service(tmp_path) as second:
        reply = taken_back(second, job, values(("Ann", *NAMES[1:])))
        assert cells(reply) == [("A2", "t:Ann ", "1")]
