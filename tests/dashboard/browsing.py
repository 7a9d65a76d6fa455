"""A server of its own and a headless browser, for tests that use the page as a student does."""

from __future__ import annotations

import json
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.request import urlopen

ROOT = Path(__file__).resolve().parents[2]

QUIET = (
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip

MOVE = """
const slider = document.querySelector(`input[data-key="${arguments[0]}"]`)
Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value').set.call(slider, arguments[1])
slider.dispatchEvent(new Event('input', {bubbles: true}))
slider.dispatchEvent(new Event('change', {bubbles: true}))
"""


def programs() -> tuple[str | None, str | None]:
    """Return the paths of the browser and its driver, if they are installed."""
    return shutil.which("chromium") or shutil.which("chromium-browser"), shutil.which("chromedriver")


def wait_for(what: Callable[[], Any], seconds: float = 60) -> Any:
    """Call a function again and again until it returns something, while the page changes."""
    end, last = time.time() + seconds, None
    while time.time() < end:
        try:
            value = what()
        except Exception as error:
            last, value = error, None
        if value:
            return value
        time.sleep(0.02)
    raise AssertionError(f"it did not come in {seconds} seconds ({last})")


class Server:
    """The page, served by its own command at a free port."""

    def __init__(self, port: int = 0) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", port))
            self.port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}/"
        self.start()

    def start(self) -> None:
        """Serve."""
        command = [
            sys.executable,
            "-m",
            "sim.dashboard",
            "--no-browser",
            "--host",
            "127.0.0.1",
            "--port",
            str(self.port),
        ]
        self.process = subprocess.Popen(
            command,
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            # a shell that starts the tests in its background makes them, and what they start, deaf to Ctrl-C
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
        )
        wait_for(lambda: urlopen(self.url, timeout=5).status == 200, 300)

    def stop(self) -> str:
        """Serve no longer; what the server wrote."""
        self.process.terminate()
        return self.process.communicate(timeout=60)[0].decode()


class Student:
    """A browser of its own, at the page."""

    def __init__(self, folder: Path, size: tuple[int, int] = (1300, 1400)) -> None:
        from selenium import webdriver
        from selenium.webdriver.chrome.service import Service

        options, (browser, driver) = webdriver.ChromeOptions(), programs()
        options.binary_location = str(browser)
        for each in (*QUIET, f"--window-size={size[0]},{size[1]}"):
            options.add_argument(each)
        options.add_experimental_option("prefs", {"download.default_directory": str(folder)})
        options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
        self.folder, self.driver = folder, webdriver.Chrome(options=options, service=Service(str(driver)))
        self.driver.execute_cdp_cmd("Browser.setDownloadBehavior", {"behavior": "allow", "downloadPath": str(folder)})

    def open(self, url: str) -> float:
        """Open the page; seconds until its first picture."""
        begun = time.time()
        self.driver.get(url)
        wait_for(self.picture)
        return time.time() - begun

    def all(self, selector: str) -> list[Any]:
        """Elements by a CSS selector."""
        return self.driver.find_elements("css selector", selector)

    def text(self, selector: str = "body") -> str:
        """Words of the first element of a CSS selector."""
        return str(self.driver.find_element("css selector", selector).text)

    def picture(self) -> str:
        """The first picture's source, once it has been drawn."""
        if self.all(".lab-networks svg"):
            return "film"
        images = self.all("picture img")
        loaded = images and self.driver.execute_script("return arguments[0].naturalWidth", images[0])
        return str(images[0].get_attribute("src")) if loaded else ""

    def headline(self) -> str:
        """Return the headline of this run on the page."""
        return self.text(".lab-head")

    def tab(self, name: str) -> None:
        """Look at another panel."""
        next(each for each in self.all("[role=tab]") if each.text.strip() == name).click()

    def move(self, key: str, value: float) -> None:
        """Move a slider, and let it go."""
        self.driver.execute_script(MOVE, key, str(value))

    def value(self, key: str) -> float:
        """Return the value of a slider."""
        return float(self.driver.execute_script(f"return document.querySelector('input[data-key=\"{key}\"]').value"))

    def choose(self, name: str, value: str) -> None:
        """Choose in a picker."""
        from selenium.webdriver.support.select import Select

        Select(self.driver.find_element("css selector", f"select[data-key='{name}']")).select_by_value(value)

    def press(self, words: str) -> None:
        """Press the button with these words, once it is there."""
        wait_for(lambda: [each for each in self.all("button") if each.text.strip().lower() == words.lower()])[0].click()

    def taken(self, ending: str) -> Path:
        """A file that was taken away, once it is whole."""
        return wait_for(lambda: next(iter(self.folder.glob(f"*.{ending}")), None))

    def strangers(self) -> list[str]:
        """Addresses asked for that are not the page's own."""
        messages = [json.loads(each["message"])["message"] for each in self.driver.get_log("performance")]
        urls = [one["params"]["request"]["url"] for one in messages if one["method"] == "Network.requestWillBeSent"]
        return [url for url in urls if not url.startswith(("http://127.0.0.1", "data:", "blob:", "chrome:", "about:"))]

    def errors(self) -> list[str]:
        """Errors of the page itself."""
        return [each["message"] for each in self.driver.get_log("browser") if each["level"] == "SEVERE"]

    def close(self) -> None:
        """Go."""
        self.driver.quit()
