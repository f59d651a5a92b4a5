"""A window of the browser on the page of a service. It watches what a person would not see: errors, other hosts."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from tests.serving import Service
from tests.visiting import new_ticket

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
_STATUS = "Failed to load resource: the server responded with a status of 4"
"""What the console says of a page that was answered with an error, as a form with a mistake in it is."""


@dataclass(slots=True)
class Window:
    """A page in a browser; ``complaints`` are those of its console, ``hosts`` whom it has asked for anything."""

    service: Service
    context: BrowserContext
    page: Page
    complaints: list[str] = field(default_factory=list)
    hosts: set[str] = field(default_factory=set)

    def go(self, path: str) -> None:
        """Open a page of the service."""
        self.page.goto(self.service.address + path)

    def fill(self, **fields: str) -> None:
        """Type into fields of a form."""
        for name, text in fields.items():
            self.page.fill(f"[name={name}]", text)

    def text(self) -> str:
        """What the page says, its title line left out."""
        return self.page.inner_text("main")

    def unlisted(self) -> None:
        """Open what is folded away, so that all of it is looked at."""
        self.page.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true })")


@contextmanager
def window(browser: Browser, service: Service, path: str = "/", **wishes: Any) -> Iterator[Window]:
    """A window of a new person on the page at ``path``; nothing but the service may be asked, nothing complained of.

    ``wishes`` are those of a browser context: ``locale``, ``color_scheme``, ``viewport``, ``java_script_enabled``.
    """
    context = browser.new_context(**{"locale": "en-GB", "viewport": {"width": 1280, "height": 900}, **wishes})
    context.set_default_timeout(30_000)
    shown = Window(service, context, context.new_page())
    shown.page.on("console", lambda said: shown.complaints.append(said.text) if said.type == "error" else None)
    shown.page.on("pageerror", lambda error: shown.complaints.append(str(error)))
    shown.page.on("request", lambda request: shown.hosts.add(urlsplit(request.url).netloc))
    shown.page.on("dialog", lambda dialog: (shown.complaints.append(dialog.message), dialog.dismiss()))
    try:
        shown.go(f"{path}?ticket={new_ticket(service)}")
        yield shown
        assert [said for said in shown.complaints if not said.startswith(_STATUS)] == []
        assert shown.hosts == {f"127.0.0.1:{service.port}"}
    finally:
        context.close()
