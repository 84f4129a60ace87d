"""A Stile of the bench's own: its database in a folder that is gone afterwards, never yours."""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


@contextmanager
def home() -> Iterator[dict[str, str]]:
    """An environment for subprocesses, with a STILE_HOME of its own and no DATABASE_URL."""
    folder = tempfile.mkdtemp(prefix="stile-bench-")
    os.chmod(folder, 0o755)  # the embedded server runs as another user when we are root
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    environment |= {"STILE_HOME": folder, "STILE_SECRET_KEY": "only for the bench", "STILE_POOL": "1"}
    environment["PYTHONPATH"] = f"{ROOT}{os.pathsep}{ROOT / 'src'}"
    try:
        yield environment
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def stile(environment: dict[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    """Run a `stile` command to its end; RuntimeError with its last words when it fails."""
    code = "from stile.site.cli.main import app; app()"
    done = subprocess.run(
        [sys.executable, "-c", code, *words], env=environment, capture_output=True, text=True
    )
    if done.returncode:
        raise RuntimeError(f"stile {' '.join(words)}: {done.stderr[-2000:] or done.stdout[-2000:]}")
    return done


@contextmanager
def serving(environment: dict[str, str], settings: str, workers: int = 2) -> Iterator[int]:
    """The site on a free port of the loopback, as `stile run` serves it; the port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    code = (
        "from stile.site import database\n"
        "import subprocess, sys\n"
        "with database.running():\n"
        "    server = subprocess.Popen([sys.executable, '-m', 'gunicorn', 'stile.site.wsgi', '--bind',"
        f" '127.0.0.1:{port}', '--workers', '{workers}', '--threads', '4', '--log-level', 'error',"
        " '--no-control-socket'])\n"
        "    sys.stdin.read()\n"
        "    server.terminate(); server.wait()\n"
    )
    keeper = subprocess.Popen(
        [sys.executable, "-c", code],
        env=environment | {"DJANGO_SETTINGS_MODULE": settings},
        stdin=subprocess.PIPE,
    )
    try:
        _wait(port, keeper)
        yield port
    finally:
        if keeper.stdin:
            keeper.stdin.close()
        keeper.wait(timeout=60)


def _wait(port: int, keeper: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + 120
    while time.monotonic() < until:
        if keeper.poll() is not None:
            raise RuntimeError("the server ended before it answered")
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.2)
    raise RuntimeError("the server did not answer within two minutes")
