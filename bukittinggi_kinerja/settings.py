"""Settings. Everything that differs between places comes from the environment; see the table in README.md."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pgtrigger
from celery.schedules import crontab
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from bukittinggi_kinerja import embedded

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = embedded.data_directory()
PRODUCTION = os.environ.get("DJANGO_ENV", "development") == "production"


def required(name: str) -> str:
    """In production a missing setting stops the start; elsewhere it never matters."""
    value = os.environ.get(name, "")
    if not value:
        raise ImproperlyConfigured(f"Isi variabel lingkungan {name} sebelum menjalankan di produksi.")
    return value


def database(url: str) -> dict[str, Any]:
    """``postgresql://user:word@host:port/name`` as Django's dictionary; a socket folder may stand for the host."""
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ImproperlyConfigured("DATABASE_URL harus berawalan postgresql://")
    network = parts.netloc.rpartition("@")[2]
    host, _colon, port = network.rpartition(":") if network.rpartition(":")[2].isdigit() else (network, "", "")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(host),
        "PORT": port,
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }


EMBEDDED_DATABASE_URL, EMBEDDED_REDIS_URL = embedded.urls(DATA_DIR)
DATABASE_URL = required("DATABASE_URL") if PRODUCTION else os.environ.get("DATABASE_URL") or EMBEDDED_DATABASE_URL
REDIS_URL = required("REDIS_URL") if PRODUCTION else os.environ.get("REDIS_URL") or EMBEDDED_REDIS_URL

DATABASES = {"default": database(DATABASE_URL)}
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "kinerja:cache",
        "OPTIONS": {"socket_timeout": 2, "socket_connect_timeout": 2},
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

SECRET_KEY = required("DJANGO_SECRET_KEY") if PRODUCTION else os.environ.get("DJANGO_SECRET_KEY", "hanya-untuk-kota-contoh")
DEBUG = False
ALLOWED_HOSTS = (
    required("ALLOWED_HOSTS").split(",")
    if PRODUCTION
    else ["localhost", "127.0.0.1", "[::1]", *os.environ.get("ALLOWED_HOSTS", "").split(",")]
)

INSTALLED_APPS = [
    "bukittinggi_kinerja.apps.AdministrationConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "pgtrigger",
    "pghistory",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_htmx",
    "import_export",
    "axes",
    "csp",
    "bukittinggi_kinerja.common",
    "employees",
    "appraisal",
    "appraisal.incentives",
    "training",
    "evaluation",
    "bukittinggi_kinerja.apps.RootConfig",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "bukittinggi_kinerja.middleware.ViewerMiddleware",
    "bukittinggi_kinerja.middleware.LanguageMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "bukittinggi_kinerja.middleware.SecondFactorMiddleware",
    "bukittinggi_kinerja.middleware.RefusalMiddleware",
    "bukittinggi_kinerja.middleware.ReadOnlyMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "bukittinggi_kinerja.urls"
WSGI_APPLICATION = "bukittinggi_kinerja.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "bukittinggi_kinerja.context.frame",
            ],
            "libraries": {"tindakan": "bukittinggi_kinerja.moves.tags"},
            "builtins": ["bukittinggi_kinerja.common.templatetags.kinerja", "appraisal.templatetags.penilaian"],
        },
    }
]

SILENCED_SYSTEM_CHECKS = ["auth.W004"]  # unique by a constraint on the lower-case name

# --- accounts
AUTH_USER_MODEL = "employees.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "employees.services.sign_in.NipOrUsernameBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator", "NumericPasswordValidator")
]
LOGIN_URL = "/masuk/"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/masuk/"
SESSION_COOKIE_AGE = 8 * 60 * 60
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
# The pair of account and address; each of them alone is counted by employees.services.sign_in_limits.
AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = 0.25
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_CALLABLE = "employees.web.sign_in.locked_out"
AXES_USERNAME_CALLABLE = "employees.services.sign_in_limits.counted_name"
AXES_CLIENT_IP_CALLABLE = "employees.services.sign_in_limits.counted_address"
AXES_VERBOSE = False
AXES_DISABLE_ACCESS_LOG = True

# How many proxies of ours write X-Forwarded-For; what stands further left in it, anybody may have written.
TRUSTED_PROXIES = int(os.environ.get("TRUSTED_PROXIES") or PRODUCTION)

# --- browser security
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
if PRODUCTION:
    SECURE_SSL_REDIRECT = True
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60
    SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
    CSRF_TRUSTED_ORIGINS = required("CSRF_TRUSTED_ORIGINS").split(",")

# --- words, numbers, time
LANGUAGE_CODE = "id"
LANGUAGES = [("id", _("Bahasa Indonesia")), ("en", _("Inggris"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["bukittinggi_kinerja.formats"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Jakarta"

# --- files
STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_ROOT = DATA_DIR / "media"

# --- notices outside the application: nobody gets any who has not asked for it
EMAIL_BACKEND = os.environ.get("EMAIL_BACKEND", "django.core.mail.backends.filebased.EmailBackend")
EMAIL_FILE_PATH = DATA_DIR / "surel"
EMAIL_HOST = os.environ.get("EMAIL_HOST", "localhost")
EMAIL_PORT = int(os.environ.get("EMAIL_PORT", "25"))
EMAIL_HOST_USER = os.environ.get("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = os.environ.get("EMAIL_USE_TLS", "") == "1"
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = os.environ.get("EMAIL_FROM", "kinerja@bukittinggikota.go.id")
#: Channels by name. WhatsApp and SMS wait for a contract of the city and stay off; ``berkas`` writes what would be sent into files,
#: and any other value is the dotted name of the class that sends it.
PHONE_CHANNELS = {
    "mati": "bukittinggi_kinerja.common.mail.channels.SwitchedOff",
    "berkas": "bukittinggi_kinerja.common.mail.channels.FileChannel",
}
NOTICE_FOLDER = DATA_DIR / "pesan"
NOTICE_CHANNELS = {
    "surel": "bukittinggi_kinerja.common.mail.channels.MailChannel",
    **{
        name: PHONE_CHANNELS.get(chosen, chosen)
        for name, chosen in (("whatsapp", os.environ.get("WHATSAPP_CHANNEL", "mati")), ("sms", os.environ.get("SMS_CHANNEL", "mati")))
    },
}
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_MAX_AGE = 3600
FILE_UPLOAD_PERMISSIONS = 0o600
DATA_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000

# --- memory of master data
PGHISTORY_APPEND_ONLY = True
PGHISTORY_LEVEL = pgtrigger.Statement

# --- REST
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["employees.services.tokens.BearerAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["bukittinggi_kinerja.common.api.permissions.ScopeRequired"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_PAGINATION_CLASS": "bukittinggi_kinerja.common.api.pagination.CursorPages",
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "bukittinggi_kinerja.common.api.problems.as_problem",
    "COERCE_DECIMAL_TO_STRING": True,
    "UNAUTHENTICATED_USER": None,
}
# Answers in a minute for one token. Twenty a second are an ordinary client that fills its own copy; far more are a defect or an attack.
API_HEAVY_PER_MINUTE = {
    "report": int(os.environ.get("API_REPORTS_PER_MINUTE") or 1800),
    "list": int(os.environ.get("API_LISTS_PER_MINUTE") or 3000),
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Kinerja ASN Kota Bukittinggi",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_AUTHENTICATION": [],
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "SCHEMA_PATH_PREFIX": r"/api/v1",
}

# --- queue
CELERY_BROKER_URL = REDIS_URL.replace("unix://", "redis+socket://").replace("?db=", "?virtual_host=")
CELERY_TIMEZONE = TIME_ZONE
# Long work waits in its own queues, so that short tasks do not wait behind it.
CELERY_TASK_ROUTES = {
    "appraisal.tasks.work_job": {"queue": "bulk"},
    "appraisal.tasks.sweep_evidence": {"queue": "bulk"},
    "appraisal.incentives.tasks.follow_calendar": {"queue": "bulk"},
    "bukittinggi_kinerja.tasks.work_import": {"queue": "bulk"},
    "bukittinggi_kinerja.tasks.sweep_imports": {"queue": "bulk"},
    "bukittinggi_kinerja.tasks.recompute_nightly": {"queue": "reports"},
}
CELERY_BEAT_SCHEDULER = "bukittinggi_kinerja.scheduler.SingleScheduler"
CELERY_BEAT_SCHEDULE = {
    "run-cycles": {"task": "bukittinggi_kinerja.tasks.run_cycles", "schedule": crontab(minute="*/10")},
    "sweep-jobs": {"task": "bukittinggi_kinerja.tasks.sweep_jobs", "schedule": 20.0},
    "seal-memory": {"task": "bukittinggi_kinerja.tasks.seal_memory", "schedule": 60.0},
    "follow-calendar": {"task": "appraisal.incentives.tasks.follow_calendar", "schedule": crontab(minute="20")},
    "send-reminders": {"task": "bukittinggi_kinerja.tasks.send_reminders", "schedule": crontab(minute="5-59/10")},
    "send-mail": {"task": "bukittinggi_kinerja.tasks.send_mail", "schedule": crontab(minute="*/5")},
    "sweep-evidence": {"task": "appraisal.tasks.sweep_evidence", "schedule": crontab(hour="3", minute="40")},
    "sweep-imports": {"task": "bukittinggi_kinerja.tasks.sweep_imports", "schedule": crontab(hour="3", minute="50")},
    "follow-moves": {"task": "employees.tasks.follow_moves", "schedule": crontab(minute="10")},
    "lapse-requests": {"task": "employees.tasks.lapse_requests", "schedule": crontab(minute="15")},
    "lapse-proposals": {"task": "appraisal.tasks.lapse_proposals", "schedule": crontab(minute="25")},
    "remind-of-moves": {"task": "employees.tasks.remind_of_moves", "schedule": crontab(hour="7", minute="5")},
    "recompute-nightly": {"task": "bukittinggi_kinerja.tasks.recompute_nightly", "schedule": crontab(hour="2", minute="15")},
}

# --- logs: no personal data, one line an entry
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": os.environ.get("LOG_LEVEL", "WARNING")},
}
