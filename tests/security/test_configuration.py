"""Keys, switches and the environment: no default secret, no debug, nothing that opens a door."""

import ast
import json
import os
import re
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from stile.site import keys

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "stile"

# Every switch there is, and why it may be there. None of them is about who sees what.
READ_FROM_THE_ENVIRONMENT = {
    "DATABASE_URL": "where the database is; the roles in it are ours",
    "STILE_HOME": "where the embedded database lies",
    "STILE_PORT": "where `stile run` listens",
    "STILE_DEMO": "says made-up on every page",
    "STILE_SECRET_KEY": "signs and seals",
    "STILE_SECRET_KEY_BEFORE": "an older key, while it is being changed",
    "STILE_HOSTS": "the names this site answers to",
    "STILE_HTTPS": "cookies and links over https only",
    "STILE_PROXIES": "how many proxies of our own stand in front",
    "STILE_ADDRESS": "where links lead that are made at the operator's keyboard",
    "STILE_OPENID": "which other providers may say who somebody is; never what they may see",
    "STILE_POOL": "keeps connections open; set by `stile run`",
    "STILE_QUICK_EXIT_URL": "the neutral page",
    "STILE_SMTP_HOST": "mail", "STILE_SMTP_PORT": "mail", "STILE_SMTP_USER": "mail",
    "STILE_SMTP_PASSWORD": "mail", "STILE_SMTP_TLS": "mail", "STILE_FROM_EMAIL": "mail",
    "DJANGO_SETTINGS_MODULE": "set to our own settings where it is missing",
    "XDG_CACHE_HOME": "where fetched feeds are kept",
}  # fmt: skip


def read_names(path: Path) -> set[str]:
    """What a file reads from the environment; "?" where the name is not written out."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        name: Any = None
        if isinstance(node, ast.Call) and re.search(
            r"environ\.(get|setdefault|pop)$|getenv$", ast.unparse(node.func)
        ):
            name = node.args[0]
        elif isinstance(node, ast.Subscript) and ast.unparse(node.value).endswith("environ"):
            name = node.slice
        elif isinstance(node, ast.keyword) and node.arg == "envvar":
            name = node.value
        if name is not None:
            found.add(name.value if isinstance(name, ast.Constant) else "?")
    return found


def test_every_switch_is_known_and_has_a_reason() -> None:
    found = {name for path in SOURCE.rglob("*.py") for name in read_names(path)}
    assert found - set(READ_FROM_THE_ENVIRONMENT) == set()
    assert {"DATABASE_URL", "STILE_DEMO", "STILE_SECRET_KEY", "STILE_PORT"} <= found


@pytest.mark.parametrize("room", ["access", "audit", "people", "kernel"])
def test_who_sees_what_reads_no_switch(room: str) -> None:
    """Neither the environment nor a setting: the policy is a table in the code, and nothing else."""
    assert {path.name: read_names(path) for path in (SOURCE / room).rglob("*.py") if read_names(path)} == {}
    for path in (SOURCE / "access").rglob("*.py"):
        used = set(re.findall(r"\bsettings\.([A-Z_]+)", path.read_text(encoding="utf-8")))
        # Keys, and whose word for an identity is taken: nothing about what somebody may see.
        assert used <= {"SECRET_KEY", "SECRET_KEY_FALLBACKS", "OPENID_PROVIDERS"}, path


ASKED = """
import json, sys
import django
from django.conf import settings
django.setup()
print(json.dumps({
    "debug": settings.DEBUG, "middleware": settings.MIDDLEWARE, "hosts": settings.ALLOWED_HOSTS,
    "key": settings.SECRET_KEY, "apps": settings.INSTALLED_APPS, "propagate": settings.DEBUG_PROPAGATE_EXCEPTIONS,
    "forwarded": settings.USE_X_FORWARDED_HOST, "proxy": settings.SECURE_PROXY_SSL_HEADER,
    "roles": [str(one.get("OPTIONS", {}).get("options", one["USER"])) for one in settings.DATABASES.values()],
    "cookie": [settings.SESSION_COOKIE_NAME, settings.SESSION_COOKIE_SECURE, settings.SESSION_COOKIE_HTTPONLY,
               settings.SESSION_COOKIE_SAMESITE, settings.SESSION_COOKIE_DOMAIN, settings.SESSION_COOKIE_PATH],
    "device": settings.DEVICE_COOKIE_NAME,
    "serializer": settings.SESSION_SERIALIZER, "timeout": settings.EMAIL_BACKEND,
}))
"""


def settings_with(tmp_path: Path, **environment: str) -> dict[str, Any]:
    """The settings a new process has under this environment and no other."""
    kept = {
        name: value for name, value in os.environ.items() if not re.match("STILE_|DATABASE_|DJANGO_", name)
    }
    done = subprocess.run(
        [sys.executable, "-c", ASKED], capture_output=True, text=True, check=False, cwd=tmp_path,
        env={**kept, "PYTHONPATH": str(SOURCE.parent), "DJANGO_SETTINGS_MODULE": "stile.site.settings", **environment},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def test_nothing_in_the_environment_switches_debugging_on_or_a_guard_off(tmp_path: Path) -> None:
    wild = dict.fromkeys(("DEBUG", "DJANGO_DEBUG", "STILE_DEBUG", "STILE_DEMO", "STILE_HTTPS", "STILE_POOL", "STILE_TEST", "CI", "PYTHONDEVMODE", "FLASK_DEBUG", "STILE_ADMIN", "STILE_NO_WALL", "STILE_ROLE", "STILE_PROXIES"), "1")  # fmt: skip
    usual, odd = settings_with(tmp_path), settings_with(tmp_path, **wild, PYTHONWARNINGS="ignore")
    for one in (usual, odd):
        assert one["debug"] is False
        assert one["propagate"] is False
        assert one["forwarded"] is False
        assert one["proxy"] is None
        assert one["roles"] == ["stile_app", "stile_owner"]
        assert not [app for app in one["apps"] if "admin" in app or "debug" in app]
        assert one["serializer"].endswith("JSONSerializer")
    assert usual["middleware"] == odd["middleware"] == settings.MIDDLEWARE
    assert usual["apps"] == odd["apps"]


def test_with_a_database_of_ones_own_the_roles_stay_the_same(tmp_path: Path) -> None:
    found = settings_with(tmp_path, DATABASE_URL="postgresql://postgres:x@127.0.0.1:1/stile")
    assert found["roles"] == ["-c role=stile_app", "-c role=stile_owner"]


def test_a_key_is_made_new_where_none_is_given_and_never_comes_from_the_code(tmp_path: Path) -> None:
    elsewhere = {"DATABASE_URL": "postgresql://u@127.0.0.1:1/stile"}
    found = {settings_with(tmp_path, **elsewhere)["key"] for _ in range(2)}
    assert len(found) == 2
    assert min(map(len, found)) >= 60


def test_the_embedded_database_keeps_one_key_for_its_owner_alone(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    first, second = (settings_with(tmp_path, STILE_HOME=str(home))["key"] for _ in range(2))
    assert first == second == (home / keys.FILE).read_text()
    assert len(first) >= 60
    assert stat.S_IMODE((home / keys.FILE).stat().st_mode) == 0o600
    assert [path.name for path in home.iterdir()] == [keys.FILE]


def test_two_programs_that_start_at_once_share_the_key(tmp_path: Path) -> None:
    begin = [
        subprocess.Popen(
            [sys.executable, "-c", "from stile.site import keys; print(keys.secret_key())"],
            stdout=subprocess.PIPE, text=True,
            env={"PATH": os.environ["PATH"], "PYTHONPATH": str(SOURCE.parent), "STILE_HOME": str(tmp_path)},
        )
        for _ in range(4)
    ]  # fmt: skip
    assert len({one.communicate()[0] for one in begin}) == 1


@pytest.mark.parametrize(
    ("environment", "demo", "served"),
    [
        ({}, False, True),  # the embedded database, which keeps its own
        ({"DATABASE_URL": "postgresql://u@h/stile"}, False, False),
        ({"DATABASE_URL": "postgresql://u@h/stile"}, True, True),
        ({"DATABASE_URL": "postgresql://u@h/stile", "STILE_SECRET_KEY": "secret"}, False, False),
        ({"DATABASE_URL": "postgresql://u@h/stile", "STILE_SECRET_KEY": "k" * 32}, False, True),
        ({"STILE_HOSTS": "*"}, True, False),
        ({"STILE_HOSTS": "stile.example, .stile.example"}, False, False),
        ({"STILE_HOSTS": "stile.example, www.stile.example"}, False, True),
    ],
)
def test_what_is_not_served(
    environment: dict[str, str], demo: bool, served: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("DATABASE_URL", "STILE_SECRET_KEY", "STILE_HOSTS"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    why = keys.why_not_serve(demo=demo)
    assert (why == "") is served
    assert environment.get("STILE_SECRET_KEY", "k" * 32) not in why.replace("STILE_SECRET_KEY", "").replace(
        "secrets", ""
    )


def test_the_web_server_loads_nothing_without_a_key(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", "import stile.site.wsgi"], capture_output=True, text=True, check=False, cwd=tmp_path,
        env={
            "PATH": os.environ["PATH"], "PYTHONPATH": str(SOURCE.parent),
            "DATABASE_URL": "postgresql://u:hunter2@127.0.0.1:1/stile",
        },
    )  # fmt: skip
    assert done.returncode == 1
    assert done.stderr.startswith("STILE_SECRET_KEY is not set.")
    assert "hunter2" not in done.stderr


def test_no_pattern_gets_into_the_names_we_answer_to(tmp_path: Path) -> None:
    assert settings_with(tmp_path, STILE_HOSTS="*,stile.example,.evil.example")["hosts"] == ["stile.example"]
    assert "testserver" not in settings_with(tmp_path)["hosts"]


def test_behind_tls_cookies_are_for_this_host_over_https_only(tmp_path: Path) -> None:
    found = settings_with(tmp_path, STILE_HTTPS="1")
    # What the prefix __Host- asks of a cookie: Secure, no Domain, and the path "/".
    assert found["cookie"] == ["__Host-stile", True, True, "Lax", None, "/"]
    assert found["device"] == "__Host-stile-device"
    assert settings_with(tmp_path)["cookie"] == ["stile", False, True, "Lax", None, "/"]


LOOKS_SECRET = re.compile(
    r"-----BEGIN [A-Z ]*PRIVATE KEY|AKIA[0-9A-Z]{16}|ghp_\w{30,}|xox[bap]-\w{10,}"
    r"|(?i:(?:secret_key|password|passwd|api_key|token)\s*=\s*[\"'][^\"'{}$%\s]{12,}[\"'])"
)


def test_no_secret_lies_in_the_repository() -> None:
    listed = subprocess.run(["git", "ls-files"], capture_output=True, text=True, cwd=ROOT, check=False)
    if listed.returncode:
        pytest.skip("not a git checkout: what would be shipped is not known")
    found = []
    for name in listed.stdout.splitlines():
        path = ROOT / name
        if not path.is_file() or path.suffix in (".png", ".gz", ".mo") or path == Path(__file__):
            continue
        assert path.name not in (keys.FILE, ".env"), name
        found += [f"{name}: {hit[0]}" for hit in LOOKS_SECRET.finditer(path.read_text(errors="replace"))]
    assert found == []
    assert LOOKS_SECRET.search('PASSWORD = "correct-horse-battery"')


def test_nobody_has_a_password_to_be_left_at_its_default() -> None:
    """Coming in is by codes, keys and providers: no page takes a password and no backend checks one."""
    for path in SOURCE.rglob("*.html"):
        assert 'type="password"' not in path.read_text(encoding="utf-8"), path
    for path in SOURCE.rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"\bset_password\(|PasswordInput|\bauthenticate\(", text), path
