"""The command ``serve``: the web service and its workers, for one person on this machine, until it is stopped."""

from __future__ import annotations

import logging
import signal
import sys
import time
from _thread import interrupt_main
from collections.abc import Iterator
from contextlib import contextmanager
from logging.handlers import RotatingFileHandler
from threading import Thread
from typing import TYPE_CHECKING

import click

from services.cli.language import language_option
from services.errors import Conflict, LedgerError
from services.folder import private_folder
from services.messages import Language, message
from services.settings import Settings, load_settings

if TYPE_CHECKING:  # Flask takes time to load
    from services.api.desk import Desk

_LOG_BYTES = 1024 * 1024
_SECONDS_TO_TELL = 0.3
"""For the answer to whoever had the service stopped."""


def build(language: Language) -> click.Command:
    """The command, its help in ``language``."""

    def callback(port: int | None, stop: bool) -> None:
        if stop:
            run_stop(load_settings(), language)
            return
        run_serve(load_settings(**({} if port is None else {"port": port})), language)

    return click.Command(
        "serve",
        params=[
            click.Option(["--port"], type=int, metavar="N", help=message("options.serve.port", language)),
            click.Option(["--stop"], is_flag=True, help=message("options.serve.stop", language)),
            language_option(language),
        ],
        callback=callback,
        help=message("commands.serve.help", language),
    )


def run_serve(settings: Settings, language: Language) -> None:
    """Serve until interrupted. Where a service runs on this folder already, say where it listens and return.

    Raises ``Conflict`` (``service-hangs``) where that one does not answer, ``InputError`` (``no-free-port``),
    ``LedgerError``, and ``OutputError`` where the endpoint can't be written.
    """
    from filelock import FileLock, Timeout

    lock = FileLock(settings.lock_file)
    try:
        private_folder(settings.folder)
        lock.acquire(timeout=0)
    except Timeout:
        _tell_of_other(settings, language)
        return
    except OSError as error:
        raise LedgerError("ledger-unreachable", file=settings.lock_file, folder=settings.folder) from error
    try:
        with _logged(settings):
            _serve(settings, language)
    finally:
        lock.release()


def run_stop(settings: Settings, language: Language) -> None:
    """Stop the service on this folder, if one runs, and say so once it has ended. Raises what ``stop_service`` does."""
    from services.stopping import stop_service

    address = stop_service(settings)
    key = "serve.stopped_it" if address else "serve.not_running"
    click.echo(message(key, language, address=address, folder=settings.folder))


def _serve(settings: Settings, language: Language) -> None:
    from services.api.listening import bind, server_on
    from services.app import create_app
    from services.endpoint import remove_drafts, remove_endpoint, write_endpoint

    with bind(settings) as listener:
        port = listener.getsockname()[1]
        app = create_app(settings.model_copy(update={"port": port}))
        desk = app.extensions["deskhand"]
        try:
            desk.tidy()
            desk.ledger.release_orphans("http")
            desk.runner.start()
            server = server_on(listener, app, settings, language)
            address = f"http://127.0.0.1:{port}"
            remove_drafts(settings.endpoint_file)
            write_endpoint(settings.endpoint_file, address, desk.token)
            for name in ("SIGTERM", "SIGBREAK"):  # the second one is Windows' own
                if hasattr(signal, name):
                    signal.signal(getattr(signal, name), _leave)
            Thread(target=_heed, args=(desk,), name="heed", daemon=True).start()
            click.echo(message("serve.listening", language, address=address, folder=settings.folder))
            server.run()
            click.echo(message("serve.stopped", language))
        finally:
            remove_endpoint(settings.endpoint_file, desk.token)
            desk.runner.stop()
            desk.ledger.close()


def _heed(desk: Desk) -> None:
    """Leave once somebody wishes so over HTTP: jobs go back into the queue, then the main thread ends the server."""
    desk.stopping.wait()
    time.sleep(_SECONDS_TO_TELL)
    desk.runner.stop()
    interrupt_main(signal.SIGTERM)


def _leave(_signal: int, _frame: object) -> None:
    sys.exit(0)


def _tell_of_other(settings: Settings, language: Language) -> None:
    from services.diagnosis.service import ask_service

    other = ask_service(settings.endpoint_file)
    if other.state in ("off", "silent"):
        raise Conflict("service-hangs", folder=settings.folder)
    click.echo(message("serve.already", language, address=other.address, folder=settings.folder))


@contextmanager
def _logged(settings: Settings) -> Iterator[None]:
    """Warnings and faults go to ``service.log`` in the folder; the token never does."""
    handler = RotatingFileHandler(
        settings.folder / "service.log", maxBytes=_LOG_BYTES, backupCount=1, encoding="utf-8", delay=True
    )
    handler.setLevel(logging.WARNING)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    root = logging.getLogger()
    root.addHandler(handler)
    try:
        yield
    except Exception as error:  # started at logon, it has no window in which to say so
        root.error("%s", error)
        raise
    finally:
        root.removeHandler(handler)
        handler.close()
