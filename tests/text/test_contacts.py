"""contacts: e-mail and web addresses, sound and faulty."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.text.contacts import Email, Url, parse_email, parse_url


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("John@Example.COM", Email("John@example.com", True, ())),
        (" mailto:a@b.com ", Email("a@b.com", True, ())),
        ("<a@b.org>", Email("a@b.org", True, ())),
        ("邮箱：zhang＠163.com", Email("zhang@163.com", True, ())),
        ("a@b.com，", Email("a@b.com", True, ())),
        ("张三@公司.中国", Email("张三@公司.中国", True, ())),
        ("a@gmial.com", Email("a@gmial.com", True, ("domain-typo",), "a@gmail.com")),
        ("a@gmail.con", Email("a@gmail.con", True, ("domain-typo",), "a@gmail.com")),
        ("a..b@x.com", Email("a..b@x.com", False, ("double-dot",), "a.b@x.com")),
        ("a@x..com", Email("a@x..com", False, ("double-dot",), "a@x.com")),
        ("a b@x.com", Email("a b@x.com", False, ("spaces",), "ab@x.com")),
        ("a@b", Email("a@b", False, ("no-domain",))),
        ("a@-b.com", Email("a@-b.com", False, ("bad-host",))),
        ("a@x.com; b@y.com", Email("a@x.com; b@y.com", False, ("several",))),
    ],
)
def test_an_address_gets_its_canonical_form_and_its_faults(text: str, expected: Email) -> None:
    assert parse_email(text) == expected


@pytest.mark.parametrize("text", ["", "@handle", "see you @ 5 pm at the bar", "nothing here", "x" * 300 + "@a.com"])
def test_other_text_is_no_address(text: str) -> None:
    assert parse_email(text) is None


@pytest.mark.parametrize("host", ["mail.com", "gmx.com", "qq.com", "example.com", "ymail.com"])
def test_a_host_of_its_own_is_no_typo(host: str) -> None:
    assert parse_email("a@" + host) == Email("a@" + host, True, ())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("HTTP://Example.COM/Path?q=A#F", Url("http://example.com/Path?q=A#F", True, ())),
        (" www.Example.com ", Url("www.example.com", True, ("no-scheme",))),
        ("https://user:pw@Ex.com:8080/a", Url("https://user:pw@ex.com:8080/a", True, ())),
        ("http://[::1]/a", Url("http://[::1]/a", True, ())),
        ("http://exa mple.com", Url("http://exa mple.com", False, ("spaces",))),
        ("http://-bad", Url("http://-bad", False, ("bad-host",))),
        ("http://a.com:99999/", Url("http://a.com:99999/", False, ("bad-host",))),
    ],
)
def test_a_url_gets_its_canonical_form_and_its_faults(text: str, expected: Url) -> None:
    assert parse_url(text) == expected


def test_a_bare_name_with_a_dot_is_no_url() -> None:
    assert parse_url("example.com") is None
    assert parse_url("readme.txt") is None


@given(st.text(alphabet="ab@. .,:/wW＠[]<>;中?#%-", max_size=30), st.sampled_from(["", "http://", "www.", "a@"]))
def test_reading_never_raises_and_canonical_forms_are_stable(text: str, start: str) -> None:
    email, url = parse_email(start + text), parse_url(start + text)
    if email is not None and email.valid:
        assert parse_email(email.canonical) == email
    if url is not None and url.valid:
        assert parse_url(url.canonical) == url
