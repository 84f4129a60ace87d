"""The key that signs and seals (STILE_SECRET_KEY), the names this site answers to, and when nothing is served.

Codes sent by mail and authenticator secrets hang on it, so it must outlive a restart: a deployment sets
its own; the embedded database keeps one beside it, readable by its owner only. There is no default.
"""

import os
import secrets
from contextlib import suppress
from pathlib import Path

from stile.site import database

SHORTEST = 32  # characters of a deployment's own key
FILE = "secret.key"


def secret_key() -> str:
    """The environment's; else the one beside the embedded database; else a new one for this process alone."""
    given = os.environ.get("STILE_SECRET_KEY")
    if given:
        return given
    if database.uses_embedded() and database.home().is_dir():
        return _kept(database.home() / FILE)
    return secrets.token_urlsafe(50)


def hosts() -> list[str]:
    """The names of STILE_HOSTS that are names. A pattern that takes any is not among them."""
    return [name for name in _hosts_as_written() if not _is_pattern(name)]


def why_not_serve(*, demo: bool) -> str:
    """What keeps this site from being served, in a sentence with its cure; empty when nothing does."""
    if any(map(_is_pattern, _hosts_as_written())):
        return "STILE_HOSTS must name each address of this site in full: a name that takes any lets others write our links."
    given = os.environ.get("STILE_SECRET_KEY", "")
    if demo or database.uses_embedded() or len(given) >= SHORTEST:
        return ""
    return (
        f"STILE_SECRET_KEY is {'too short' if given else 'not set'}. On a database of your own it must be, with at "
        f"least {SHORTEST} characters that nobody can guess, the same at every start. One that nobody has had: "
        'python -c "import secrets; print(secrets.token_urlsafe(50))"'
    )


def _hosts_as_written() -> list[str]:
    written = os.environ.get("STILE_HOSTS", "127.0.0.1,localhost,[::1]")
    return [name.strip() for name in written.split(",") if name.strip()]


def _is_pattern(name: str) -> bool:
    return "*" in name or name.startswith(".")


def _kept(path: Path) -> str:
    with suppress(FileExistsError):
        # Whole before it has its name: two programs starting at once must read the same key.
        draft = path.with_name(f"{path.name}.{os.getpid()}")
        draft.unlink(missing_ok=True)
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(50))
        try:
            os.link(draft, path)
        finally:
            draft.unlink()
    return path.read_text(encoding="ascii")
