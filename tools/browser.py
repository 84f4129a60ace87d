"""Find a Chromium for the browser tests, or get one, or say plainly why there is none.

In this order: one already installed; Debian's package, when we are root on a Debian; Playwright's own
download; else fail. `SKIP_BROWSER=1` leaves the browser tests out, aloud.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def installed() -> str | None:
    """The path of a Chromium on this machine, Playwright's own included; None when there is none."""
    named = os.environ.get("STILE_CHROMIUM")
    if named:
        return named
    for name in NAMES:
        if path := shutil.which(name):
            return path
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).exists() else None


def main() -> int:
    if os.environ.get("SKIP_BROWSER") == "1":
        print("SKIP_BROWSER=1: the browser tests are left out of this run.")
        return 0
    if installed():
        return 0
    if os.geteuid() == 0 and shutil.which("apt-get"):
        print("Installing Chromium from Debian for the browser tests ...")
        quiet = {"stdout": subprocess.DEVNULL, "env": {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}}
        subprocess.run(["apt-get", "update", "-qq"], check=False, **quiet)
        subprocess.run(
            ["apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium"], check=False, **quiet
        )
        if installed():
            return 0
    print("Fetching Playwright's own Chromium for the browser tests ...")
    subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False)
    if installed():
        return 0
    print(
        "No Chromium could be found or installed, and the browser tests need one.\n"
        "  Install it yourself (Debian: apt-get install chromium), or point STILE_CHROMIUM at one,\n"
        "  or run the other tests alone: SKIP_BROWSER=1 make test",
        file=sys.stderr,
    )
    return 1


if __name__ == "__main__":
    sys.exit(main())
