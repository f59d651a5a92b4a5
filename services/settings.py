"""The settings: one validated model, from arguments, the environment (``DESKHAND_PORT``) and ``settings.toml``.

Where the folder lies is found in ``folder``; the files in it are named here. Nothing here opens any but settings.toml.
"""

from __future__ import annotations

import os
import tomllib
from contextlib import suppress
from pathlib import Path
from typing import Any

import tomlkit
from pydantic import Field, ValidationError, field_validator
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from services.errors import InputError, Phrase
from services.folder import FOLDER_VARIABLE, data_folder, private_folder
from services.messages import Language
from services.refused import why_refused
from services.text.phones import known_region
from services.workbook.placing import placed

PREFIX = "DESKHAND_"
"""How the names of environment variables begin."""

FILE_NAME = "settings.toml"

LONGEST_LEASE = 3600
"""Seconds for which a worker that gives no sign of life may keep its job at most."""


class Settings(BaseSettings):
    """What a person or an administrator can set, and the files in ``folder``.

    ``language`` and ``region`` None mean those of the system or of the data. ``ports_tried`` counts the ports from
    ``port`` on that are tried in turn; ``workers`` the jobs that run side by side; ``keep_days`` how long a finished
    job is kept. A job is its worker's for ``lease_seconds`` after each sign of life.

    From ``provider`` on they say which model is asked and how; whether they can work is seen where it is opened and
    where they are changed (``llm.changing``). ``provider`` is one of the presets of ``llm.presets``;
    ``base_url`` and ``model`` come before what that says. ``max_tokens`` is the longest reply, ``context_tokens`` what
    prompt and reply have room for together; ``model_timeout`` is in seconds; prices are for a million tokens in
    ``currency``; a budget is for one job. ``log_text`` keeps the text of what was sent as well.
    """

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_ignore_empty=True,
        frozen=True,
        extra="forbid",
        validate_default=False,
        allow_inf_nan=False,
    )

    folder: Path = Field(default_factory=data_folder)
    language: Language | None = None
    region: str | None = None
    port: int = Field(8421, ge=1, le=65535)
    ports_tried: int = Field(20, ge=1, le=1000)
    workers: int = Field(2, ge=1, le=32)
    request_limit_mb: int = Field(64, ge=1, le=2048)
    upload_limit_mb: int = Field(256, ge=1, le=4096)
    keep_days: int = Field(30, ge=1, le=3650)
    lease_seconds: float = Field(30, ge=1, le=LONGEST_LEASE)

    provider: str | None = None
    base_url: str | None = None
    model: str | None = None
    temperature: float = Field(0.0, ge=0, le=2)
    top_p: float | None = Field(None, gt=0, le=1)
    max_tokens: int = Field(4096, ge=16, le=1_000_000)
    context_tokens: int | None = Field(None, ge=512, le=10_000_000)
    model_timeout: float = Field(120, ge=1, le=3600)
    concurrency: int | None = Field(None, ge=1, le=64)
    requests_per_minute: int | None = Field(None, ge=1, le=100_000)
    retries: int = Field(3, ge=0, le=10)
    proxy: str | None = None
    ca_file: Path | None = None
    local_only: bool = False
    log_text: bool = False
    price_in: float | None = Field(None, ge=0)
    price_out: float | None = Field(None, ge=0)
    currency: str = "USD"
    budget_tokens: int | None = Field(None, ge=1)
    budget_money: float | None = Field(None, gt=0)

    @property
    def settings_file(self) -> Path:
        """Where settings are kept: TOML."""
        return self.folder / FILE_NAME

    @property
    def endpoint_file(self) -> Path:
        """Where front ends find the service: its address and the token, a line each."""
        return self.folder / "endpoint.txt"

    @property
    def lock_file(self) -> Path:
        """What a running service holds, so that there is one on a folder at most."""
        return self.folder / "serve.lock"

    @property
    def ledger_file(self) -> Path:
        """The ledger of jobs: SQLite."""
        return self.folder / "ledger.sqlite3"

    @property
    def jobs_folder(self) -> Path:
        """A folder for each job."""
        return self.folder / "jobs"

    @property
    def uploads_folder(self) -> Path:
        """Files sent to the service."""
        return self.folder / "uploads"

    @property
    def journals_folder(self) -> Path:
        """Journals of what was written into hosts; they outlive their jobs."""
        return self.folder / "journals"

    @property
    def prompts_folder(self) -> Path:
        """A person's own prompts, which come before those that Deskhand brings."""
        return self.folder / "prompts"

    @property
    def replies_file(self) -> Path:
        """What models have answered, and what was sent to them: SQLite."""
        return self.folder / "replies.sqlite3"

    @property
    def key_file(self) -> Path:
        """The endpoint's key, where the system has no place for secrets (0600)."""
        return self.folder / "model.key"

    @field_validator("folder", "ca_file")
    @classmethod
    def _whole_path(cls, path: Path | None) -> Path | None:
        return None if path is None else path.expanduser().absolute()

    @field_validator("provider", "base_url", "model", "proxy", "ca_file", mode="before")
    @classmethod
    def _none_where_empty(cls, wish: Any) -> Any:
        """Spaces around a word are slips; no word means none."""
        return wish.strip() or None if isinstance(wish, str) else wish

    @field_validator("language", mode="before")
    @classmethod
    def _language_of_locale(cls, wish: Any) -> Any:
        """``zh_CN`` and ``en-GB`` mean their language; no text means none."""
        if isinstance(wish, str):
            start = wish.strip().lower()[:2]
            return start if start in ("zh", "en") else wish.strip() or None
        return wish

    @field_validator("region")
    @classmethod
    def _known_region(cls, region: str | None) -> str | None:
        if not region:
            return None
        return known_region(region)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Arguments come before the environment, that before the file."""
        return init_settings, env_settings, _SettingsFile(settings_cls)


class _SettingsFile(PydanticBaseSettingsSource):
    """``settings.toml`` in the folder that the sources before it name."""

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:
        """Not asked: the file gives all its values at once."""
        raise NotImplementedError

    def __call__(self) -> dict[str, Any]:
        return _kept(Path(self.current_state.get("folder") or data_folder()) / FILE_NAME)


def load_settings(**overrides: Any) -> Settings:
    """The settings as they stand; ``overrides`` come before everything else.

    Raises ``InputError``: ``settings-invalid`` naming key, value and where it stands, ``setting-unknown``,
    ``setting-value`` for one of the ``overrides``, ``settings-not-toml``.
    """
    try:
        return Settings(**overrides)
    except ValidationError as error:
        first = error.errors()[0]
        key = str(first["loc"][0]) if first["loc"] else "-"
        detail = why_refused(first)
        if key in overrides:
            raise InputError("setting-value", key=key, value=first["input"], detail=detail) from error
        if first["type"] == "extra_forbidden":
            known = ", ".join(name for name in Settings.model_fields if name != "folder")
            raise InputError("setting-unknown", key=key, where=data_folder() / FILE_NAME, known=known) from error
        where = deciding_variable(key) or str(data_folder() / FILE_NAME)
        raise InputError("settings-invalid", key=key, value=first["input"], where=where, detail=detail) from error


def deciding_variable(key: str) -> str:
    """The variable of the environment that decides a setting, "" where none does."""
    variable = PREFIX + key.upper()
    return variable if os.environ.get(variable) else ""


def refusals(settings: Settings, **changes: Any) -> dict[str, Phrase | str]:
    """Why which of ``changes`` can't be, by the names of the settings; none of them is kept."""
    try:
        Settings(**{**settings.model_dump(), **changes})
    except ValidationError as error:
        return {str(found["loc"][0]): why_refused(found) for found in error.errors()}
    return {}


def reread(settings: Settings) -> Settings:
    """The settings of the same folder and port as they stand now: another process may have changed them.

    Raises what ``load_settings`` raises.
    """
    return load_settings(folder=settings.folder, port=settings.port)


def save_settings(settings: Settings, **changes: Any) -> Settings:
    """Keep ``changes`` in ``settings.toml`` (None takes a key out) and give the settings as they are then.

    Comments and order in the file stay. Raises ``InputError`` as ``load_settings`` does, before anything is written,
    and ``OutputError`` where the file can't be written.
    """
    file = settings.settings_file
    _kept(file)
    document = tomlkit.parse(_text(file))
    changed = load_settings(**{**settings.model_dump(), **changes})
    for key in changes:
        value = getattr(changed, key)
        if value is None:
            document.pop(key, None)
        else:
            document[key] = str(value) if isinstance(value, Path) else value
    with suppress(OSError):  # said by what writes the file
        private_folder(file.parent)
    with placed(file) as draft:
        draft.write_text(tomlkit.dumps(document), "utf-8")
    return changed


def _kept(file: Path) -> dict[str, Any]:
    try:
        values = tomllib.loads(_text(file))
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise InputError("settings-not-toml", file=file, detail=str(error)) from error
    if "folder" in values:  # it says where this very file lies
        detail = Phrase("refused.elsewhere", (("variable", FOLDER_VARIABLE),))
        raise InputError("settings-invalid", key="folder", value=values["folder"], where=file, detail=detail)
    return values


def _text(file: Path) -> str:
    try:
        return file.read_text("utf-8-sig")
    except (FileNotFoundError, NotADirectoryError):
        return ""
    except (OSError, UnicodeDecodeError) as error:
        raise InputError("settings-not-toml", file=file, detail=str(error)) from error
