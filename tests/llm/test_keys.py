"""Where an endpoint's key is looked for and kept, whatever the system's place for secrets does."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.backends import fail, null
from keyring.errors import KeyringLocked

from services.errors import InputError
from services.llm.keys import VARIABLE, api_key, forget_key, keep_key, key_place
from services.settings import Settings, load_settings

OPENAI = {"provider": "openai"}
OWN = {"base_url": "http://models.example.com:8000/v1/chat/completions"}


class Memory(KeyringBackend):
    """A place for secrets that works."""

    priority = 1

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.kept[service, username]


class Broken(KeyringBackend):
    """One that fails in a way of its own."""

    priority = 1

    def __init__(self, error: Exception) -> None:
        super().__init__()
        self.error = error

    def get_password(self, service: str, username: str) -> str | None:
        raise self.error

    def set_password(self, service: str, username: str, password: str) -> None:
        raise self.error

    def delete_password(self, service: str, username: str) -> None:
        raise self.error


@pytest.fixture
def memory() -> Iterator[Memory]:
    """A place for secrets for the length of a test."""
    before, made = keyring.get_keyring(), Memory()
    keyring.set_keyring(made)
    yield made
    keyring.set_keyring(before)


def settings(**changed: object) -> Settings:
    return load_settings(**changed)


def test_a_key_is_kept_in_the_systems_place_for_secrets(memory: Memory) -> None:
    own = settings(**OPENAI)
    assert (api_key(own), key_place(own)) == (None, None)

    assert keep_key(own, " sk-1 \n") == "keyring"

    assert (api_key(own), key_place(own)) == ("sk-1", "keyring")
    assert memory.kept == {("Deskhand", "https://api.openai.com"): "sk-1"}
    assert not own.key_file.exists()
    forget_key(own)
    assert (api_key(own), memory.kept) == (None, {})


@pytest.mark.parametrize(
    "backend",
    [
        fail.Keyring(),
        null.Keyring(),
        Broken(KeyringLocked("locked")),
        Broken(RuntimeError("no bus")),
        Broken(OSError("gone")),
    ],
    ids=["none", "forgets", "locked", "fails", "gone"],
)
def test_without_such_a_place_it_is_kept_in_a_file_for_the_person_alone(
    memory: Memory, backend: KeyringBackend
) -> None:
    keyring.set_keyring(backend)
    own = settings(**OPENAI)

    assert keep_key(own, "sk-1") == "file"

    assert (api_key(own), key_place(own)) == ("sk-1", "file")
    if os.name != "nt":
        assert stat.S_IMODE(own.key_file.stat().st_mode) == 0o600
    forget_key(own)
    assert api_key(own) is None
    assert not own.key_file.exists()


def test_a_key_kept_while_the_place_was_locked_is_the_one_that_counts(memory: Memory) -> None:
    own = settings(**OPENAI)
    keep_key(own, "sk-old")
    keyring.set_keyring(Broken(KeyringLocked("locked")))
    keep_key(own, "sk-new")
    keyring.set_keyring(memory)

    assert (api_key(own), key_place(own)) == ("sk-new", "file")
    assert keep_key(own, "sk-newest") == "keyring"
    assert (api_key(own), own.key_file.exists()) == ("sk-newest", False)


def test_the_environment_comes_first(memory: Memory, monkeypatch: pytest.MonkeyPatch) -> None:
    own = settings(**OPENAI)
    keep_key(own, "sk-kept")
    monkeypatch.setenv(VARIABLE, "sk-given")

    assert (api_key(own), key_place(own)) == ("sk-given", "environment")


@pytest.mark.parametrize("in_file", [False, True])
def test_a_key_for_one_host_is_not_sent_to_another(memory: Memory, in_file: bool) -> None:
    if in_file:
        keyring.set_keyring(fail.Keyring())
    keep_key(settings(**OPENAI), "sk-1")
    keep_key(settings(**OWN), "sk-2")

    assert api_key(settings(**OPENAI)) == "sk-1"
    assert api_key(settings(base_url="http://models.example.com:8000/v1")) == "sk-2"
    assert api_key(settings(base_url="https://models.example.com:8000/v1")) is None  # another scheme
    assert api_key(settings(provider="openai", base_url="https://proxy.example.com/v1")) is None
    assert api_key(settings(provider="deepseek")) is None
    assert api_key(settings()) is None


@pytest.mark.parametrize("key", ["", "  ", "sk 1", "sk-1\nX-Evil: 1", "钥匙", "x" * 5000])
def test_what_can_be_no_key_is_refused_without_being_repeated(memory: Memory, key: str) -> None:
    with pytest.raises(InputError) as caught:
        keep_key(settings(**OPENAI), key)

    assert caught.value.code == "model-key-shape"
    assert not key.strip() or key not in str(caught.value)


def test_a_key_without_an_endpoint_is_refused(memory: Memory) -> None:
    with pytest.raises(InputError) as caught:
        keep_key(settings(), "sk-1")
    assert caught.value.code == "model-not-set"


def test_a_damaged_key_file_is_as_none(memory: Memory) -> None:
    keyring.set_keyring(fail.Keyring())
    own = settings(**OPENAI)
    own.folder.mkdir(parents=True)
    for text in ("not json", "[1]", '{"https://api.openai.com": 5}'):
        own.key_file.write_text(text, "utf-8")
        assert api_key(own) is None
    keep_key(own, "sk-1")
    assert api_key(own) == "sk-1"
