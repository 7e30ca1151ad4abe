"""A page in a real browser: Chromium or Chrome, spoken to over a pipe (Chrome DevTools Protocol).

The program is what the variable CHROMIUM names, or the first of its usual names. Tests skip where there is none.
"""

import json
import os
import select
import shutil
import subprocess
import time
from contextlib import contextmanager
from pathlib import Path

import pytest

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
FLAGS = (
    *("--headless", "--no-sandbox", "--no-zygote", "--single-process", "--in-process-gpu", "--disable-gpu"),
    *("--disable-dev-shm-usage", "--no-first-run", "--disable-extensions", "--hide-scrollbars"),
    *("--remote-debugging-pipe", "--allow-file-access-from-files", "--font-render-hinting=none"),
)


class Browser:
    """One tab. `ask` a page in JavaScript; `seen`: messages, errors and requests of the page."""

    def __init__(self, write: int, read: int):
        self.write, self.read, self.number, self.rest, self.seen = write, read, 0, b"", []
        target = self.send("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.send("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Network"):
            self.send(f"{domain}.enable")

    def send(self, method: str, **params):
        self.number += 1
        message = {"id": self.number, "method": method, "params": params}
        if hasattr(self, "session"):
            message["sessionId"] = self.session
        os.write(self.write, json.dumps(message).encode() + b"\0")
        while True:
            found = self.receive()
            if found.get("id") == self.number:
                assert "error" not in found, found
                return found["result"]

    def receive(self, patience: float = 30.0):
        end = time.monotonic() + patience
        while b"\0" not in self.rest:
            assert select.select([self.read], [], [], max(0.0, end - time.monotonic()))[0], "the browser is silent"
            part = os.read(self.read, 1 << 20)
            assert part, "the browser has gone"
            self.rest += part
        first, _, self.rest = self.rest.partition(b"\0")
        found = json.loads(first)
        if found.get("method") in (
            "Runtime.consoleAPICalled",
            "Runtime.exceptionThrown",
            "Page.javascriptDialogOpening",
        ):
            self.seen.append(found["method"])
        elif found.get("method") == "Network.requestWillBeSent":
            self.seen.append(found["params"]["request"]["url"])
        return found

    def open(self, path: Path) -> None:
        self.send("Page.navigate", url=path.as_uri())
        while self.receive().get("method") != "Page.loadEventFired":
            pass

    def ask(self, expression: str):
        found = self.send("Runtime.evaluate", expression=expression, returnByValue=True)
        assert "exceptionDetails" not in found, found
        return found["result"].get("value")

    def mode(self, scheme: str) -> None:
        """ "light" or "dark"."""
        self.send("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])

    def size(self, width: int, height: int) -> None:
        self.send("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)


@contextmanager
def browser_in(folder: Path):
    program = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    if not program or os.name != "posix":
        pytest.skip("no browser is here; name it in the variable CHROMIUM")
    (theirs_in, ours_out), (ours_in, theirs_out) = os.pipe(), os.pipe()

    def connect():  # it reads from 3 and writes to 4
        copies = os.dup(theirs_in), os.dup(theirs_out)
        spare = [os.dup(copy) for copy in copies]
        os.dup2(spare[0], 3)
        os.dup2(spare[1], 4)

    process = subprocess.Popen(
        [program, *FLAGS, f"--user-data-dir={folder}"],
        preexec_fn=connect,
        close_fds=False,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "HOME": str(folder)},
    )
    try:
        yield Browser(ours_out, ours_in)
    finally:
        process.kill()
        process.wait()
        for end in (theirs_in, ours_out, ours_in, theirs_out):
            os.close(end)
