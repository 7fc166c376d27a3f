"""Every setting. The environment is read once, here; a bad value stops the start with one clear line."""

from importlib.util import find_spec
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import urlsplit

from environs import Env, EnvError, validate

from producerguide import security

BASE_DIR = Path(__file__).resolve().parent.parent
LOOPBACK = {"127.0.0.1", "localhost"}
LEAST_SECRET = 50


def refuse(reason: str) -> NoReturn:
    raise SystemExit(f"ProducerGuide cannot start. {reason}")


env = Env()
try:
    # The address that visitors type; https turns on everything a public site needs.
    site = urlsplit(env.str("SITE_URL", "http://127.0.0.1:8000").rstrip("/"))
    SITE_URL, SITE_HOST, SITE_HTTPS = site.geturl(), site.hostname or "", site.scheme == "https"
    _ = site.port  # raises ValueError for one that cannot be
    DEBUG: bool = env.bool("DEBUG", False)
    SECRET_KEY: str = env.str("SECRET_KEY", "only-for-a-site-on-this-machine" if SITE_HOST in LOOPBACK else "")
    ALLOWED_HOSTS: list[str] = env.list("ALLOWED_HOSTS", [SITE_HOST])
    # What /about/ must say of a public site: who is responsible for it, how to reach them, and how long counts are kept.
    OWNER: str = env.str("OWNER", "")
    CONTACT: str = env.str("CONTACT", "")
    KEPT_MONTHS: int = env.int("KEPT_MONTHS", 24, validate=validate.Range(1, 1200))
    # Promises HTTPS for every subdomain too, and lets browsers list the site: hard to take back.
    HSTS_SUBDOMAINS: bool = env.bool("HSTS_SUBDOMAINS", False)
    STATIC_ROOT: str = env.str("STATIC_ROOT", str(BASE_DIR / "var" / "static"))
    # Whether a browser that leaves the quiz half-way tells us at which question.
    COUNT_UNFINISHED: bool = env.bool("COUNT_UNFINISHED", True)
    DATABASES: dict[str, dict[str, Any]] = {
        "default": env.dj_db_url("DATABASE_URL", f"sqlite:///{BASE_DIR / 'var' / 'producerguide.sqlite3'}")
    }
except (EnvError, ValueError) as error:
    refuse(f"Bad environment: {error}")

if not SITE_HOST or site.scheme not in ("http", "https") or site.path or site.query or site.fragment:
    refuse(f"SITE_URL must look like https://example.org, not {SITE_URL!r}")
if not SECRET_KEY:
    refuse("SECRET_KEY is missing: a public site needs at least 50 random characters")
if SITE_HOST not in LOOPBACK and len(SECRET_KEY) < LEAST_SECRET:
    refuse("SECRET_KEY is too short: a public site needs at least 50 random characters")
if not ALLOWED_HOSTS:
    refuse("ALLOWED_HOSTS is empty: list the hosts that this site answers to, separated by commas")
if DEBUG and SITE_HTTPS:
    refuse("DEBUG must be off on a public (https) site")

if DATABASES["default"]["ENGINE"].endswith("postgresql") and not find_spec("psycopg"):
    refuse("DATABASE_URL names PostgreSQL, but its driver is not installed: pip install 'psycopg[binary]'")

# Health checks come from this machine.
ALLOWED_HOSTS = [*ALLOWED_HOSTS, *LOOPBACK]

if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # Deferred transactions ignore the timeout.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 30,
        "init_command": "PRAGMA journal_mode=WAL",
    }


def serving(database: dict[str, Any]) -> dict[str, Any]:
    """The database settings of the server (wsgi.py): it waits 0.25 s for a lock, where a command waits 30 s.

    SQLite's file is opened with mode=rw, because SQLite would otherwise make an empty one in place of a lost one.
    """
    if database["ENGINE"] == "django.db.backends.sqlite3":
        options = {"transaction_mode": "IMMEDIATE", "timeout": 0.25}
        return database | {"NAME": f"file:{database['NAME']}?mode=rw", "OPTIONS": options}
    # 2 s is the shortest connect_timeout that libpq accepts.
    options = {"connect_timeout": 2, "options": "-c lock_timeout=250"} | database.get("OPTIONS", {})
    return database | {"OPTIONS": options}


DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "quiz",
    "quiz.owner",
    "django_htmx",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "producerguide.staticfiles.Files",
]

MIDDLEWARE = [
    "producerguide.middleware.identify",
    "producerguide.middleware.security",
    "producerguide.middleware.mend_links",
    "django.middleware.security.SecurityMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "producerguide.middleware.Session",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "producerguide.middleware.Authentication",
    "producerguide.middleware.Message",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "producerguide.urls"
# No page cache in development, and a fault in the content is shown as a page.
WSGI_APPLICATION = None if DEBUG else "producerguide.wsgi.application"
if DEBUG:
    MIDDLEWARE.insert(1, "producerguide.middleware.content_faults")

TEMPLATES = [
    {
        "BACKEND": "producerguide.rendering.Templates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "producerguide.pages.site",
            ],
        },
    }
]

STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    "producerguide.staticfiles.BundleFinder",
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
]
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "producerguide.staticfiles.Storage"
    },
}

LANGUAGE_CODE = "en-gb"
USE_I18N = False
TIME_ZONE = "UTC"
USE_TZ = True

# The memory that pagecache.py may use.
PAGE_CACHE_BYTES = 32 * 1024 * 1024

# Our longest form has a dozen short fields.
DATA_UPLOAD_MAX_MEMORY_SIZE = 64 * 1024

RESPONSE_HEADERS = security.response_headers(https=SITE_HTTPS, subdomains=HSTS_SUBDOMAINS)
FIRST_SCRIPT = security.FIRST_SCRIPT
SECURE_REFERRER_POLICY = security.HEADERS["Referrer-Policy"]
SECURE_SSL_REDIRECT = SITE_HTTPS
SECURE_REDIRECT_EXEMPT = [r"^livez$", r"^readyz$"]
SECURE_HSTS_SECONDS = security.HSTS_SECONDS if SITE_HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = SITE_HTTPS and HSTS_SUBDOMAINS
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]  # HSTS of subdomains is the owner's choice
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SITE_HTTPS else None
SESSION_COOKIE_SECURE = SITE_HTTPS
CSRF_COOKIE_SECURE = SITE_HTTPS

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "producerguide.logs.JsonFormatter"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    # 400s, 403s and 404s are already in the request log; Django's messages would add the address, which may hold a code.
    "loggers": {
        "django.request": {"level": "ERROR"},
        "django.security.csrf": {"level": "ERROR"},
        "django.security.DisallowedHost": {"level": "CRITICAL"},
    },
}
