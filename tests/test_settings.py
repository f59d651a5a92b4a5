"""Settings come from arguments, the environment and settings.toml, in this order, and say what is wrong with them."""

from __future__ import annotations

from pathlib import Path

import platformdirs
import pytest

from services.errors import InputError, OutputError
from services.folder import data_folder
from services.settings import load_settings, reread, save_settings


@pytest.fixture
def folder(own_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the settings, made, with no wish in the environment."""
    for name in ("LANGUAGE", "PORT", "REGION"):
        monkeypatch.delenv(f"DESKHAND_{name}", raising=False)
    own_folder.mkdir(parents=True)
    return own_folder


def test_without_any_wish_the_settings_are_those_that_come_with_deskhand(folder: Path) -> None:
    assert load_settings().model_dump() == {
        "folder": folder,
        "language": None,
        "region": None,
        "port": 8421,
        "ports_tried": 20,
        "workers": 2,
        "request_limit_mb": 64,
        "upload_limit_mb": 256,
        "keep_days": 30,
        "lease_seconds": 30,
        "provider": None,
        "base_url": None,
        "model": None,
        "temperature": 0,
        "top_p": None,
        "max_tokens": 4096,
        "context_tokens": None,
        "model_timeout": 120,
        "concurrency": None,
        "requests_per_minute": None,
        "retries": 3,
        "proxy": None,
        "ca_file": None,
        "local_only": False,
        "log_text": False,
        "price_in": None,
        "price_out": None,
        "currency": "USD",
        "budget_tokens": None,
        "budget_money": None,
    }


def test_the_files_lie_in_the_folder(folder: Path) -> None:
    settings = load_settings()

    assert settings.endpoint_file == folder / "endpoint.txt"
    assert settings.ledger_file == folder / "ledger.sqlite3"
    assert settings.settings_file == folder / "settings.toml"
    assert (settings.jobs_folder, settings.uploads_folder, settings.journals_folder) == (
        folder / "jobs",
        folder / "uploads",
        folder / "journals",
    )


def test_the_folder_is_that_of_the_system_where_the_environment_names_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DESKHAND_FOLDER")

    assert data_folder() == platformdirs.user_data_path("Deskhand", appauthor=False)
    assert data_folder().name == "Deskhand"


def test_a_relative_folder_is_made_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DESKHAND_FOLDER", "mine")

    assert data_folder() == load_settings().folder == tmp_path / "mine"
    assert load_settings(folder=Path("other")).folder == tmp_path / "other"


def test_arguments_come_before_the_environment_and_that_before_the_file(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "settings.toml").write_text('port = 1001\nworkers = 3\nregion = "cn"\nlanguage = "zh"\n', "utf-8")
    monkeypatch.setenv("DESKHAND_PORT", "1002")
    monkeypatch.setenv("DESKHAND_WORKERS", "4")
    monkeypatch.setenv("DESKHAND_REGION", "")

    settings = load_settings(port=1003)

    assert (settings.port, settings.workers, settings.region, settings.language) == (1003, 4, "CN", "zh")


def test_the_file_is_that_of_the_folder_which_an_argument_names(folder: Path, tmp_path: Path) -> None:
    (folder / "settings.toml").write_text("port = 1001\n", "utf-8")
    (tmp_path / "settings.toml").write_text("port = 1002\n", "utf-8")

    assert (load_settings().port, load_settings(folder=tmp_path).port) == (1001, 1002)


@pytest.mark.parametrize(
    ("wish", "language"), [("zh_CN.UTF-8", "zh"), ("EN-gb", "en"), ("zh", "zh"), ("", None), (" ", None)]
)
def test_a_language_may_be_written_as_a_locale(monkeypatch: pytest.MonkeyPatch, wish: str, language: str) -> None:
    monkeypatch.setenv("DESKHAND_LANGUAGE", wish)

    assert load_settings().language == language


def test_a_value_that_cannot_be_is_told_with_its_place(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = folder / "settings.toml"
    file.write_text("port = 70000\n", "utf-8")
    with pytest.raises(InputError) as caught:
        load_settings()
    assert caught.value.code == "settings-invalid"
    assert caught.value.what("en").startswith(f"The setting port can't be 70000 ({file}): ")
    assert caught.value.what("zh").startswith(f"设置 port 不能是 70000（{file}）：")

    monkeypatch.setenv("DESKHAND_PORT", "many")
    with pytest.raises(InputError, match=r"The setting port can't be many \(DESKHAND_PORT\): "):
        load_settings()

    with pytest.raises(InputError, match="The setting region can't be XX: two letters of a country"):
        load_settings(port=1, region="XX")


@pytest.mark.parametrize("name", ["price_in", "price_out", "budget_money"])
@pytest.mark.parametrize("said", ["inf", "nan"])
def test_no_money_is_endless(monkeypatch: pytest.MonkeyPatch, name: str, said: str) -> None:
    monkeypatch.setenv(f"DESKHAND_{name.upper()}", said)

    with pytest.raises(InputError) as caught:
        load_settings()
    assert caught.value.code == "settings-invalid"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("port = \n", "line 1"),
        ("colour = 'red'\n", "There is no setting colour"),
        ("folder = '/elsewhere'\n", "set DESKHAND_FOLDER instead"),
    ],
)
def test_a_file_that_makes_no_sense_is_told(folder: Path, text: str, said: str) -> None:
    (folder / "settings.toml").write_text(text, "utf-8")

    with pytest.raises(InputError, match=said) as caught:
        load_settings()
    assert str(folder / "settings.toml") in caught.value.what("en")


def test_a_change_is_kept_and_comments_stay(folder: Path) -> None:
    file = folder / "settings.toml"
    file.write_text('# ours\nport = 1001  # behind the proxy\nregion = "US"\n', "utf-8")

    changed = save_settings(load_settings(), region="cn", language="zh_CN")

    assert (changed.region, changed.language, changed.port) == ("CN", "zh", 1001)
    assert file.read_text("utf-8") == '# ours\nport = 1001  # behind the proxy\nregion = "CN"\nlanguage = "zh"\n'
    save_settings(changed, region=None, language=None)
    assert file.read_text("utf-8") == "# ours\nport = 1001  # behind the proxy\n"


def test_numbers_and_paths_are_kept_as_they_are_written_by_hand(folder: Path, tmp_path: Path) -> None:
    own = tmp_path / "our ca.pem"

    save_settings(load_settings(), temperature=0.5, ca_file=own, local_only=True, proxy="  ", budget_tokens=5000)

    text = (folder / "settings.toml").read_text("utf-8")
    assert text == f'temperature = 0.5\nca_file = "{own.as_posix()}"\nlocal_only = true\nbudget_tokens = 5000\n'
    again = load_settings()
    assert (again.temperature, again.ca_file, again.local_only, again.proxy) == (0.5, own, True, None)


def test_what_another_process_has_changed_is_read_anew(folder: Path) -> None:
    settings = load_settings(port=1005)
    save_settings(load_settings(), model="small")

    assert (reread(settings).model, reread(settings).port, settings.model) == ("small", 1005, None)


def test_a_change_that_cannot_be_changes_nothing(folder: Path) -> None:
    file = folder / "settings.toml"
    with pytest.raises(InputError) as caught:
        save_settings(load_settings(), region="Atlantis")
    assert caught.value.code == "setting-value"
    assert not file.exists()

    settings = load_settings()
    file.write_text("port = = 1\n", "utf-8")
    with pytest.raises(InputError, match="can't be read"):
        save_settings(settings, region="CN")
    assert file.read_text("utf-8") == "port = = 1\n"


def test_a_folder_that_cannot_be_made_is_told_when_a_change_is_kept(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way", "utf-8")
    settings = load_settings(folder=tmp_path / "file" / "deskhand")

    with pytest.raises(OutputError) as caught:
        save_settings(settings, region="CN")

    assert caught.value.code == "output-folder-missing"
