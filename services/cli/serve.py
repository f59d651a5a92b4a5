"""The command ``serve``: the web service and its workers, for one person on this machine, until it is stopped."""

from __future__ import annotations

import logging
import signal
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from logging.handlers import RotatingFileHandler

import click

from services.cli.language import language_option
from services.errors import Conflict, LedgerError
from services.messages import Language, message
from services.settings import Settings, load_settings

_LOG_BYTES = 1024 * 1024
_SECONDS_TO_ANSWER = 5


def build(language: Language) -> click.Command:
    """The command, its help in ``language``."""

    def callback(port: int | None) -> None:
        run_serve(load_settings(**({} if port is None else {"port": port})), language)

    return click.Command(
        "serve",
        params=[
            click.Option(["--port"], type=int, metavar="N", help=message("options.serve.port", language)),
            language_option(language),
        ],
        callback=callback,
        help=message("commands.serve.help", language),
    )


def run_serve(settings: Settings, language: Language) -> None:
    """Serve until interrupted. Where a service runs on this folder already, say where it listens and return.

    Raises ``Conflict`` (``service-hangs``) where that one does not answer, ``InputError`` (``no-free-port``), and
    ``LedgerError``.
    """
    from filelock import FileLock, Timeout

    try:
        settings.folder.mkdir(mode=0o700, parents=True, exist_ok=True)  # what is kept there is for this person alone
    except OSError as error:
        raise LedgerError("ledger-unreachable", file=settings.ledger_file, folder=settings.folder) from error
    lock = FileLock(settings.folder / "serve.lock")
    try:
        lock.acquire(timeout=0)
    except Timeout:
        _tell_of_other(settings, language)
        return
    try:
        with _logged(settings):
            _serve(settings, language)
    finally:
        lock.release()


def _serve(settings: Settings, language: Language) -> None:
    from services.api.endpoint import remove_endpoint, write_endpoint
    from services.api.listening import bind, server_on
    from services.app import create_app

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
            write_endpoint(settings.endpoint_file, address, desk.token)
            for name in ("SIGTERM", "SIGBREAK"):  # the second one is Windows' own
                if hasattr(signal, name):
                    signal.signal(getattr(signal, name), _leave)
            click.echo(message("serve.listening", language, address=address, folder=settings.folder))
            server.run()
            click.echo(message("serve.stopped", language))
        finally:
            remove_endpoint(settings.endpoint_file, desk.token)
            desk.runner.stop()
            desk.ledger.close()


def _leave(_signal: int, _frame: object) -> None:
    sys.exit(0)


def _tell_of_other(settings: Settings, language: Language) -> None:
    from services.api.endpoint import read_endpoint

    found = read_endpoint(settings.endpoint_file)
    if found is None or not _answers(found[0]):
        raise Conflict("service-hangs", folder=settings.folder)
    click.echo(message("serve.already", language, address=found[0], folder=settings.folder))


def _answers(address: str) -> bool:
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with suppress(OSError, ValueError), direct.open(f"{address}/health", timeout=_SECONDS_TO_ANSWER) as reply:
        return bool(reply.status == 200)
    return False


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
    finally:
        root.removeHandler(handler)
        handler.close()
