"""The embedded database: never root, dies and comes back with everything it said yes to, stops when alone."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from stile.site import database
from stile.site.database import Cluster

COMMITTER = """
import sys, psycopg
with psycopg.connect(host=sys.argv[1], user="stile_server", dbname="postgres", autocommit=True) as db:
    db.execute("CREATE TABLE IF NOT EXISTS said (n int)")
    for n in range(1_000_000):
        db.execute("INSERT INTO said VALUES (%s)", [n])
        print(n, flush=True)
"""


@pytest.fixture(params=["a folder all may enter", "a folder only its owner may enter"])
def own_home(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A STILE_HOME of its own; root's server must cope with a checkout nobody else may enter."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755 if "all" in request.param else 0o700)
        home = Path(folder) / "home"
        monkeypatch.setenv("STILE_HOME", str(home))
        monkeypatch.delenv("DATABASE_URL", raising=False)
        yield home
        shutil.rmtree((home / "data").resolve(), ignore_errors=True)
        shutil.rmtree(Cluster(home).sockets, ignore_errors=True)


def _postmaster(cluster: Cluster) -> int:
    return int((cluster.data / "postmaster.pid").read_text().splitlines()[0])


def test_it_stops_when_the_last_user_leaves_and_never_runs_as_root(own_home: Path) -> None:
    cluster = Cluster(own_home)
    with database.running():
        pid = _postmaster(cluster)
        assert Path(f"/proc/{pid}").stat().st_uid != 0
        with database.running():
            pass
        assert cluster.answers(), "the inner user stopped a server the outer one still needs"
    assert not cluster.answers()
    assert not (cluster.data / "postmaster.pid").exists()


def test_kill_9_loses_nothing_that_was_acknowledged(own_home: Path) -> None:
    cluster = Cluster(own_home)
    with database.running():
        with subprocess.Popen(
            [sys.executable, "-c", COMMITTER, str(cluster.sockets)],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        ) as writer:  # fmt: skip
            assert writer.stdout is not None
            said = [writer.stdout.readline() for _ in range(50)]
            os.kill(_postmaster(cluster), signal.SIGKILL)
            said += writer.stdout.readlines()
        acknowledged = sum(1 for line in said if line.endswith("\n"))
        time.sleep(0.2)  # the killed server's children notice and leave
        cluster.start()
        with psycopg.connect(host=str(cluster.sockets), user="stile_server", dbname="postgres") as server:
            row = server.execute("SELECT count(*) FROM said").fetchone()
        assert row is not None
        assert acknowledged <= row[0] <= acknowledged + 1


def test_a_broken_off_first_start_leaves_nothing_half_made(own_home: Path) -> None:
    cluster = Cluster(own_home)
    own_home.mkdir()
    draft = own_home / "data.new"
    draft.mkdir()
    (draft / "half").write_text("left by a start that was killed")
    with database.running():
        assert cluster.answers()
    assert not draft.exists()


def test_a_home_removed_under_a_running_server_is_made_anew(own_home: Path) -> None:
    with database.running():
        pid = _postmaster(Cluster(own_home))
        shutil.rmtree((own_home / "data").resolve())
        shutil.rmtree(own_home)
    with database.running():
        assert Cluster(own_home).answers()
        assert _postmaster(Cluster(own_home)) != pid


def test_a_second_run_refuses_clearly(own_home: Path) -> None:
    import fcntl

    own_home.mkdir()
    handle = os.open(own_home / "run.lock", os.O_RDWR | os.O_CREAT, 0o600)
    fcntl.flock(handle, fcntl.LOCK_EX)
    done = subprocess.run(
        [sys.executable, "-m", "stile", "run"], capture_output=True, text=True, timeout=60, check=False
    )
    os.close(handle)
    assert done.returncode == 1
    assert "already running" in done.stderr
    assert "STILE_PORT" in done.stderr


def test_a_database_url_that_is_no_postgresql_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "mysql://root@localhost/x")
    with pytest.raises(database.DatabaseTrouble, match="postgresql://"):
        database.django_settings("stile_app")


def test_a_database_url_works_as_the_role_it_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://web:p%40ss@db.example:5433/stile?sslmode=require")
    entry = database.django_settings("stile_app")
    assert entry["PASSWORD"] == "p@ss"
    assert entry["HOST"] == "db.example"
    assert entry["OPTIONS"] == {"sslmode": "require", "options": "-c role=stile_app"}
