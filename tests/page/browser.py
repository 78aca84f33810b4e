"""Headless Chromium on the real command: what a person at the keyboard does."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

ENTER, ESCAPE, LEFT = "\ue007", "\ue00c", "\ue012"
ROOT = Path(__file__).parent.parent.parent
FLAGS = (
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--no-first-run", "--disable-dev-shm-usage",
)  # fmt: skip


@contextmanager
def chromium(profile: Path, *, width: int = 1280, height: int = 860, dark: bool = False) -> Iterator[Any]:
    """Start the system's Chromium with an empty profile; skip the test where there is none."""
    webdriver = pytest.importorskip("selenium.webdriver", reason="selenium is not installed")
    program, driver = shutil.which("chromium"), shutil.which("chromedriver")
    if not program or not driver:
        pytest.skip("Chromium and its driver are not installed")
    options = webdriver.ChromeOptions()
    options.binary_location = program
    for flag in (*FLAGS, f"--window-size={width},{height}", f"--user-data-dir={profile}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    browser = webdriver.Chrome(options=options, service=webdriver.ChromeService(driver))
    scheme = [{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}]
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": scheme})
    # Headless windows have a least width of their own: phones are emulated.
    size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    try:
        yield browser
    finally:
        browser.quit()


class Server:
    """`govcode code` in a process of its own; `links` are those it showed, by name."""

    def __init__(self, *arguments: object, cwd: Path) -> None:
        command = [sys.executable, "-m", "govcode", "code", *map(str, arguments), "--no-browser"]
        self.told = cwd / f"told-{time.monotonic_ns()}.txt"
        with self.told.open("wb") as out:
            self.process = subprocess.Popen(
                command, cwd=cwd, stderr=out, stdout=out, env={**os.environ, "PYTHONPATH": str(ROOT)}
            )
        self.links = self._links()

    def _links(self) -> dict[str, str]:
        for _ in range(600):
            text = self.told.read_text(encoding="utf-8")
            if "Ctrl+C ends" in text:
                return dict(re.findall(r"^(.+?): (http://\S+)$", text, flags=re.MULTILINE))
            assert self.process.poll() is None, text
            time.sleep(0.05)
        raise AssertionError(f"the server did not start: {text}")

    @property
    def link(self) -> str:
        return next(iter(self.links.values()))

    @property
    def port(self) -> int:
        return int(re.search(r":(\d+)/", self.link).group(1))  # type: ignore[union-attr]

    @property
    def token(self) -> str:
        return self.link.partition("token=")[2]

    def stop(self, sign: int = signal.SIGINT) -> int:
        self.process.send_signal(sign)
        return self.process.wait(timeout=30)


def until(condition: Callable[[], Any], what: str, patience: float = 15.0) -> Any:
    """Wait until a condition holds and return its value."""
    end = time.monotonic() + patience
    while time.monotonic() < end:
        value = condition()
        if value:
            return value
        time.sleep(0.02)
    raise AssertionError(f"waited in vain for: {what}")


class Page:
    """The page in a browser, spoken to through the keyboard alone."""

    def __init__(self, browser: Any, link: str = "") -> None:
        self.browser = browser
        if link:
            browser.get("about:blank")
            browser.get(link)

    def text(self, selector: str) -> str:
        script = "const n = document.querySelector(arguments[0]); return n && !n.hidden ? n.textContent : '';"
        return str(self.browser.execute_script(script, selector) or "")

    def shown(self, selector: str) -> bool:
        script = "const n = document.querySelector(arguments[0]); return !!(n && n.getClientRects().length);"
        return bool(self.browser.execute_script(script, selector))

    def wait(self, selector: str, text: str = "") -> None:
        seen = f"{selector} with '{text}'"
        until(lambda: self.shown(selector) and text in self.text(selector), seen)

    def keys(self, *keys: str) -> None:
        from selenium.webdriver import ActionChains

        ActionChains(self.browser, duration=0).send_keys(*keys).perform()

    def shift(self, digit: str) -> None:
        """Press Shift and a digit, as a keyboard does (the character is not the digit)."""
        for kind in ("rawKeyDown", "keyUp"):
            self.browser.execute_cdp_cmd(
                "Input.dispatchKeyEvent",
                {"type": kind, "modifiers": 8, "code": f"Digit{digit}", "key": "!@#$%^&*("[int(digit) - 1],
                 "windowsVirtualKeyCode": 48 + int(digit)},
            )  # fmt: skip

    def complaints(self) -> list[str]:
        """Return what the browser complained of (errors, refused scripts or styles)."""
        return [entry["message"] for entry in self.browser.get_log("browser") if entry["level"] == "SEVERE"]
