"""The one settings file. Everything an operator may change comes from ``env``; the rest is decided here."""

import os
from contextlib import suppress
from pathlib import Path
from tempfile import NamedTemporaryFile

from django.core.management.utils import get_random_secret_key

from makegood.config import env

PACKAGE = Path(__file__).resolve().parent.parent
DATA_DIR = env.read("MAKEGOOD_DATA_DIR").expanduser().resolve()
try:
    DATA_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)  # what people tell is for nobody else on this machine
except OSError as trouble:
    raise env.BadSetting(f"MAKEGOOD_DATA_DIR: the folder {DATA_DIR} cannot be made ({trouble.strerror}).") from trouble
MODE = env.read("MAKEGOOD_MODE")
DEBUG = False


def _kept_secret() -> str:
    """The signing key of this data directory, made once and readable by its owner only."""
    given = env.read("MAKEGOOD_SECRET_KEY")
    if given:
        return given
    path = DATA_DIR / "secret-key"
    if not path.exists():
        # Whole before it has its name: several processes may start at once, and all must read the same key.
        with NamedTemporaryFile("w", dir=DATA_DIR) as new:  # readable by its owner only
            new.write(get_random_secret_key())
            new.flush()
            with suppress(FileExistsError):
                os.link(new.name, path)
    return path.read_text()


SECRET_KEY = _kept_secret()
BASE_URL = env.read("MAKEGOOD_BASE_URL").rstrip("/")
STATUS_URL = env.read("MAKEGOOD_STATUS_URL").rstrip("/")
_ORIGINS = [url for url in (BASE_URL, STATUS_URL) if url]
ALLOWED_HOSTS = [
    *(url.split("://", 1)[-1].split("/")[0].rsplit(":", 1)[0] for url in _ORIGINS),
    "127.0.0.1",
    "localhost",
] + env.read("MAKEGOOD_ALLOWED_HOSTS")
CSRF_TRUSTED_ORIGINS = _ORIGINS
USE_HTTPS = BASE_URL.startswith("https://")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "csp",
    "makegood.engine",
    "makegood.channels",
    "makegood.life.people",
    "makegood.life.reports",
    "makegood.life.promises",
    "makegood.life.intake",
    "makegood.life.diagnosis",
    "makegood.life.escalation",
    "makegood.life.problems",
    "makegood.life.colleagues",
    "makegood.life.fixes",
    "makegood.life.updates",
    "makegood.life.aftercare",
    "makegood.life.announcements",
    "makegood.life.learning",
    "makegood.life.knowledge",
    "makegood.life.rca",
    "makegood.life.compensation",
    "makegood.life.statuspage",
    "makegood.life.searching",
    "makegood.life.post",
    "makegood.life.hooks",
    "makegood.life.transfer",
    "makegood.life.insights",
    "makegood.life.privacy",
    "makegood.doors.ui",
    "makegood.doors.portal",
    "makegood.doors.console",
    "makegood.doors.clock",
    "makegood.doors.api",
]
MIDDLEWARE = [
    "makegood.doors.portal.own_host.lead",
    "makegood.doors.api.shell.speak",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "makegood.doors.ui.cleaning.clean",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
]
ROOT_URLCONF = "makegood.config.urls"
WSGI_APPLICATION = "makegood.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "makegood.doors.ui.context.desk",
                "makegood.doors.console.context.frame",
            ],
        },
    }
]

_SQLITE = {
    "ENGINE": "makegood.engine.sqlite",
    "NAME": DATA_DIR / "makegood.sqlite3",
    # Closing the last connection checkpoints and deletes the WAL, at every request: keep it open.
    "CONN_MAX_AGE": None,
    "OPTIONS": {
        # A deferred transaction that reads and then writes fails with "database is locked" under load.
        "transaction_mode": "IMMEDIATE",
        "timeout": 10,
        # To prepare a statement takes several times what it takes to run it, and pages ask more than the usual 128.
        "cached_statements": 500,
        "init_command": (
            "PRAGMA journal_mode=WAL;"
            f"PRAGMA synchronous={'FULL' if env.read('MAKEGOOD_SQLITE_SYNC').upper() == 'FULL' else 'NORMAL'};"
            "PRAGMA mmap_size=268435456;PRAGMA cache_size=-32000;PRAGMA temp_store=MEMORY;"
            # The log is written back every 16 MB, not every 4: pages that change with each report, such as those of
            # common words, are written once then. Up to 4,062 pages a reader looks in one table for them.
            "PRAGMA wal_autocheckpoint=4000;PRAGMA journal_size_limit=67108864;"
        ),
    },
    "TEST": {"NAME": str(DATA_DIR / "test.sqlite3")},
}
_url = env.read("DATABASE_URL")
DATABASES = {"default": env.database_from_url(_url) if _url else _SQLITE}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "people.Agent"
AUTHENTICATION_BACKENDS = ["makegood.life.people.backend.Backend"]
LOGIN_URL = "/console/login/"
LOGIN_REDIRECT_URL = "/console/"
LOGOUT_REDIRECT_URL = "/console/login/"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]

LANGUAGE_CODE = env.read("MAKEGOOD_LANGUAGE")
LANGUAGES = [("en", "English"), ("de", "Deutsch")]
LOCALE_PATHS = [PACKAGE / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"
DESK_TIME_ZONE = env.read("MAKEGOOD_TIME_ZONE")

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATIC_ROOT.mkdir(exist_ok=True)
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
# Addresses carry a mark of the content (doors/ui/assets.py), so a new version is never mistaken for the old one.
WHITENOISE_MAX_AGE = 30 * 24 * 3600

SESSION_ENGINE = "makegood.engine.sessions"
SESSION_COOKIE_NAME = "mg_session"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = USE_HTTPS
SESSION_COOKIE_AGE = 60 * 60 * 12
CSRF_FAILURE_VIEW = "makegood.doors.ui.mishaps.not_proved"
CSRF_COOKIE_NAME = "mg_csrf"
CSRF_COOKIE_HTTPONLY = False
SECURE_CONTENT_TYPE_NOSNIFF = True
# Secrets in addresses are told to no other site. Never "no-referrer" on a page with a form: a browser then posts
# with "Origin: null", which is nobody's, and the form is refused.
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 31536000 if USE_HTTPS else 0
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:", "blob:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500
DATA_UPLOAD_MAX_NUMBER_FILES = 20
FILE_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
UPLOAD_MAX_BYTES = env.read("MAKEGOOD_UPLOAD_MB") * 1_000_000

RCA_SEVERITIES = env.severities(env.read("MAKEGOOD_RCA_SEVERITIES"))
DESK_NAME = env.read("MAKEGOOD_DESK_NAME")
DESK_EMAIL = env.read("MAKEGOOD_DESK_EMAIL")
DESK_PHONE = env.read("MAKEGOOD_DESK_PHONE")
EMERGENCY_PHONE = env.read("MAKEGOOD_EMERGENCY_PHONE")
SMTP_URL = env.read("SMTP_URL")
DKIM = env.read("MAKEGOOD_DKIM")
SMTP_LISTEN = env.read("MAKEGOOD_SMTP_LISTEN")
MAIL_PER_RECIPIENT = env.read("MAKEGOOD_MAIL_PER_RECIPIENT")
MAIL_PER_HOUR = env.read("MAKEGOOD_MAIL_PER_HOUR")
REPORTS_PER_HOUR = env.read("MAKEGOOD_REPORTS_PER_HOUR")
CAME_BACK_AT = env.came_back_at(env.read("MAKEGOOD_CAME_BACK_AT"))
LINK_DAYS = env.read("MAKEGOOD_LINK_DAYS")
GIT_FOLDERS = env.read("MAKEGOOD_GIT_FOLDERS")
PRIVATE_HOOKS = env.read("MAKEGOOD_PRIVATE_HOOKS")
TRUSTED_PROXIES = env.read("MAKEGOOD_TRUSTED_PROXIES")
METRICS_TOKEN = env.read("MAKEGOOD_METRICS_TOKEN")
SILENCED_SYSTEM_CHECKS: list[str] = []
