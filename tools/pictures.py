"""Take the pictures of the docs from the running demo town: `python tools/pictures.py`.

Each is drawn by a real browser from the pages as they are, so that a picture never shows what is not there.
"""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from base64 import b64encode
from pathlib import Path

from browser import installed
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "docs" / "pictures"
HEAVIEST = 200_000  # bytes
WISH = "/find/?q=drawing%2C+animals%2C+nervous+in+crowds&near=M33+7"
PHONE, DESK = (360, 740), (1280, 800)


def main() -> int:
    path = installed()
    if path is None:
        print("No Chromium: run `python tools/browser.py` first.", file=sys.stderr)
        return 1
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as home, sync_playwright() as playwright:
        server, site = _demo(home)
        try:
            browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
            _take(browser, site)
            browser.close()
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(timeout=60)
    heavy = [one.name for one in FOLDER.glob("*.png") if one.stat().st_size > HEAVIEST]
    for one in sorted(FOLDER.glob("*.png")):
        print(f"{one.relative_to(ROOT)}: {one.stat().st_size // 1024} KB")
    if heavy:
        print(f"Over {HEAVIEST // 1000} KB: {', '.join(heavy)}", file=sys.stderr)
    return 1 if heavy else 0


def _demo(home: str) -> "tuple[subprocess.Popen[bytes], str]":
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    Path(home).chmod(0o755)
    environment = {**os.environ, "STILE_HOME": f"{home}/home", "STILE_PORT": str(port)}
    environment.pop("DATABASE_URL", None)
    server = subprocess.Popen(
        [sys.executable, "-m", "stile", "run", "--demo"], env=environment, stdout=subprocess.DEVNULL
    )
    site = f"http://127.0.0.1:{port}"
    until = time.monotonic() + 240
    while time.monotonic() < until and server.poll() is None:
        try:
            with urllib.request.urlopen(f"{site}/help-now/", timeout=5):
                return server, site
        except OSError:
            time.sleep(0.5)
    server.kill()
    raise SystemExit("`stile run --demo` did not answer.")


def _take(browser: Browser, site: str) -> None:
    def opened(size: tuple[int, int], scheme: str = "light", scale: float = 1) -> Page:
        return browser.new_context(
            viewport={"width": size[0], "height": size[1]}, device_scale_factor=scale, base_url=site,
            color_scheme=scheme, reduced_motion="reduce",  # type: ignore[arg-type]
        ).new_page()  # fmt: skip

    def shot(page: Page, name: str) -> None:
        page.screenshot(path=FOLDER / f"{name}.png")

    page = opened(DESK)
    page.goto("/")
    page.get_by_label("Say it in your own words").fill("drawing and animals, nervous in crowds")
    page.locator("#near").fill("M33 7")
    page.locator("#near").blur()
    front = page.screenshot()
    phone = opened(PHONE)
    phone.goto(WISH)
    phone.evaluate("scrollTo(0, document.querySelector('.found-title').offsetTop - 14)")
    _side_by_side(opened((1100, 600)), front, phone.screenshot())
    page.set_viewport_size({"width": 1240, "height": 700})
    page.goto("/desk/?q=drawing+and+animals%2C+nervous+in+crowds&near=M33+7&age=15")
    shot(page, "desk")
    page = opened((720, 620))
    page.goto(WISH)
    page.get_by_text("Look at them on a map").click()
    page.locator(".finder-map").screenshot(path=FOLDER / "map.png")
    phone = opened(PHONE, "dark", 1.5)
    phone.goto("/")
    shot(phone, "home-phone")
    phone = opened(PHONE, "light", 1.5)
    phone.goto(WISH)
    phone.locator("#list .act-name a").first.click()
    phone.locator("h1").wait_for()
    shot(phone, "activity-phone")


def _side_by_side(page: Page, front: bytes, results: bytes) -> None:
    """The front door on a desk and what one gets on a phone, in one picture."""
    wide, tall = (b64encode(one).decode() for one in (front, results))
    page.set_content(
        "<style>body{margin:0;background:#dbe8cf;height:600px;position:relative}"
        "img{position:absolute;border-radius:14px;box-shadow:0 6px 24px #22302a55}</style>"
        f'<img src="data:image/png;base64,{wide}" style="left:24px;top:32px;width:800px">'
        f'<img src="data:image/png;base64,{tall}" style="right:24px;top:22px;height:556px">'
    )
    page.screenshot(path=FOLDER / "finder.png")


if __name__ == "__main__":
    sys.exit(main())
