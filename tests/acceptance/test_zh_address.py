"""Real Chinese addresses: the share whose province, city, county and detail are all as expected."""

import json
from pathlib import Path

from services.text.addresses_zh import parse_address

NEEDED = 0.85


def test_chinese_addresses_are_split_as_expected(samples: Path) -> None:
    lines = (samples / "transform" / "zh_address_open.jsonl").read_text(encoding="utf-8").splitlines()
    wrong = []
    for line in lines:
        case = json.loads(line)
        expected = tuple(case["expected"][part] for part in ("province", "city", "county", "detail"))
        address = parse_address(case["input"])
        got = address and (address.province, address.city, address.county, address.detail)
        if got != expected:
            wrong.append((case["input"], got, expected))
    assert len(lines) - len(wrong) >= NEEDED * len(lines), wrong
