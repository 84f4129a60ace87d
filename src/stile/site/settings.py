"""Django's settings. Nothing here may widen who sees what: that is `stile.access.policy` alone."""

import hashlib
import os
import tomllib
from pathlib import Path

from stile.site import database, keys

PACKAGE = Path(__file__).resolve().parent.parent

# ---------------------------------------------------------------- where and how we run
DEBUG = False  # no debug pages: they print what they should not
DEMO = (
    os.environ.get("STILE_DEMO") == "1"
)  # says "made-up" on every page, and lets anybody be its made-up people
SECRET_KEY = keys.secret_key()
SECRET_KEY_FALLBACKS = [key for key in os.environ.get("STILE_SECRET_KEY_BEFORE", "").split() if key]
# The names this site answers to, each in full: letters carry links to the name a request came by.
ALLOWED_HOSTS = keys.hosts()
# Behind a proxy that speaks https (STILE_HTTPS=1): links, cookies and browsers' memory are then https only.
HTTPS = os.environ.get("STILE_HTTPS") == "1"
ROOT_URLCONF = "stile.site.urls"
WSGI_APPLICATION = "stile.site.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.staticfiles",
    "django_htmx",
    "stile.ui",
    "stile.audit",
    "stile.access",
    "stile.places",
    "stile.people",
    "stile.loop.directory",
    "stile.loop.match",
    "stile.site",
]

# ---------------------------------------------------------------- signing in
AUTH_USER_MODEL = "people.Account"
SESSION_ENGINE = "stile.access.sessions"
SESSION_COOKIE_NAME = "__Host-stile" if HTTPS else "stile"  # __Host-: no other name may set or read it
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 20 * 60 * 60
SESSION_COOKIE_SECURE = HTTPS
# A browser that somebody came in by before.
DEVICE_COOKIE_NAME = "__Host-stile-device" if HTTPS else "stile-device"
# How many proxies of our own stand in front; the address that the outermost saw is the visitor's.
PROXIES = int(os.environ.get("STILE_PROXIES", "0"))
# Other providers people may sign in by (NHS CIS2, NHS login, an organisation's own): docs/how-to/operator.md.
OPENID_PROVIDERS = (
    tomllib.loads(Path(os.environ["STILE_OPENID"]).read_text(encoding="utf-8")).get("provider", [])
    if os.environ.get("STILE_OPENID")
    else []
)

MIDDLEWARE = [
    "stile.site.middleware.SafeHeaders",
    "stile.site.middleware.Packed",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "stile.site.middleware.Language",
    "django.middleware.common.CommonMiddleware",
    "stile.site.middleware.SameOriginPosts",
    "django_htmx.middleware.HtmxMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "stile.site.context.everywhere",
            ],
        },
    }
]

# ---------------------------------------------------------------- the database
DATABASES = {
    "default": database.django_settings("stile_app", pool=os.environ.get("STILE_POOL") == "1"),
    "owner": database.django_settings("stile_owner"),  # migrations only; no request ever uses it
}
DATABASE_ROUTERS = ["stile.access.gate.MigrationsAsOwner"]

# ---------------------------------------------------------------- language and time
LANGUAGE_CODE = "en-gb"
LANGUAGES = [("en-gb", "English"), ("cy", "Cymraeg")]
LOCALE_PATHS = [PACKAGE / "locale"]
USE_TZ = True
TIME_ZONE = "Europe/London"

# ---------------------------------------------------------------- files of our own
STATIC_ROOT = None  # served from the package itself, so there is nothing to collect


def _static_mark() -> str:
    """A mark that changes with any static file, so that browsers may keep them for a year."""
    mark = hashlib.sha256()
    for path in sorted(PACKAGE.glob("**/static/**/*")):
        if path.is_file():
            mark.update(f"{path.name}:{path.stat().st_size}:".encode() + path.read_bytes())
    return mark.hexdigest()[:10]


STATIC_URL = f"/static/{_static_mark()}/"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
WHITENOISE_MAX_AGE = 31_536_000

# ---------------------------------------------------------------- the neutral page behind "leave quickly"
QUICK_EXIT_URL = os.environ.get("STILE_QUICK_EXIT_URL", "https://www.bbc.co.uk/weather")

# ---------------------------------------------------------------- e-mail: none leaves unless it is set up
EMAIL_BACKEND = (
    "django.core.mail.backends.smtp.EmailBackend"
    if os.environ.get("STILE_SMTP_HOST")
    else "django.core.mail.backends.dummy.EmailBackend"
)
EMAIL_HOST = os.environ.get("STILE_SMTP_HOST", "")
EMAIL_PORT = int(os.environ.get("STILE_SMTP_PORT", "587"))
EMAIL_HOST_USER = os.environ.get("STILE_SMTP_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("STILE_SMTP_PASSWORD", "")
EMAIL_USE_TLS = os.environ.get("STILE_SMTP_TLS", "1") == "1"
DEFAULT_FROM_EMAIL = os.environ.get("STILE_FROM_EMAIL", "stile@localhost")

# ---------------------------------------------------------------- logs carry ids, never words or addresses
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"no_query": {"()": "stile.site.logs.WithoutQuery"}},
    "formatters": {"plain": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {
        "console": {"class": "logging.StreamHandler", "filters": ["no_query"], "formatter": "plain"}
    },
    "root": {"handlers": ["console"], "level": "WARNING"},
    # The web server's own complaints quote addresses too.
    "loggers": {"gunicorn.error": {"handlers": ["console"], "level": "WARNING", "propagate": False}},
}
SILENCED_SYSTEM_CHECKS = ["urls.W002"]
APPEND_SLASH = True
DATA_UPLOAD_MAX_MEMORY_SIZE = 200_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 200
