"""One Chromium for all browser tests, and a server thread for an application."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, sync_playwright
from werkzeug.serving import make_server

from tests.browsing import open_browser
from tests.cast import Cast

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# As root in a container there is no sandbox; without the rest Chromium looks up its maker's hosts at every start.
CHROMIUM_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

Serve = Callable[[Flask], AbstractContextManager[str]]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The machine's Chromium, started once; tests open their own contexts in it."""
    with chromium() as running:
        yield running


@contextmanager
def chromium() -> Iterator[Browser]:
    """A running Chromium."""
    path = next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)
    assert path, "No Chromium on this machine: apt-get install chromium"
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path, args=CHROMIUM_ARGUMENTS)
        yield running
        running.close()


@pytest.fixture(scope="session")
def serve() -> Serve:
    """`with serve(app) as address`: the application answers on a free port of this machine meanwhile."""
    return serving


@contextmanager
def serving(app: Flask) -> Iterator[str]:
    """The application at an address of this machine."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()


@pytest.fixture
def home(app: Flask, committed_cast: Cast, serve: Serve) -> Iterator[str]:
    """The application with the cast, at an address of this machine."""
    with serve(app) as address:
        yield address


@pytest.fixture
def cast(committed_cast: Cast) -> Cast:
    return committed_cast


def signed_in(app: Flask, browser: Browser, home: str, cast: Cast, name: str, **options: object) -> BrowserContext:
    """A browser of its own with somebody signed in."""
    context = browser.new_context(reduced_motion="reduce", **options)  # type: ignore[arg-type]
    cookie = open_browser(app, cast.people[name].id).get_cookie(app.config["SESSION_COOKIE_NAME"])
    assert cookie is not None
    context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": home}])
    return context
