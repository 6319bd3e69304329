"""Settings. Everything that differs between machines comes from the environment; README.md lists the names.

Two modes (QUOTEBASE_MODE): `local` needs nothing and serves this machine only; `production` refuses to start without a
secret key, allowed hosts and a database.
"""

from pathlib import Path
from typing import Any

import pghistory

from quotebase import environment

BASE_DIR = Path(__file__).resolve().parent.parent
LOCAL_FOLDER = Path(environment.read("QUOTEBASE_LOCAL_FOLDER", str(BASE_DIR / ".local")))
IS_PRODUCTION = environment.read_mode() == "production"

DEBUG = environment.read_switch("QUOTEBASE_DEBUG", default=False)
if IS_PRODUCTION:
    SECRET_KEY = environment.required("QUOTEBASE_SECRET_KEY", "it signs sessions and cursors")
    environment.required("QUOTEBASE_ALLOWED_HOSTS", "it names the hosts that this site answers for")
    ALLOWED_HOSTS = environment.read_list("QUOTEBASE_ALLOWED_HOSTS")
else:
    SECRET_KEY = environment.kept_secret(LOCAL_FOLDER / "secret-key")
    ALLOWED_HOSTS = environment.read_list("QUOTEBASE_ALLOWED_HOSTS") or ["localhost", "127.0.0.1", "[::1]"]
CSRF_TRUSTED_ORIGINS = environment.read_list("QUOTEBASE_TRUSTED_ORIGINS")

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "corsheaders",
    "django_filters",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "pgtrigger",
    "pghistory",
    "quotes",
    "quotes.publication",
]

MIDDLEWARE = [
    "quotebase.bodies.none_for_head",
    "quotebase.routing.public_requests",
    "quotebase.availability.Unavailable",
    "django.middleware.security.SecurityMiddleware",
    "quotebase.security.content_security_policy",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "corsheaders.middleware.CorsMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "pghistory.middleware.HistoryMiddleware",
]

ROOT_URLCONF = "quotebase.urls"
WSGI_APPLICATION = "quotebase.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        # Before every app's: so Django's admin takes a page of ours in the place of one of its own.
        "DIRS": [BASE_DIR / "quotebase" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]


# Of several read servers each connection takes one at random, and another where that does not answer at once. One whose machine
# has gone, or whose cable, says nothing: who is connected to it gives it up within seconds, too.
SPREAD = {
    "load_balance_hosts": "random",
    "connect_timeout": 2,
    "keepalives_idle": 2,
    "keepalives_interval": 1,
    "keepalives_count": 3,
    "tcp_user_timeout": 5_000,
}


def database() -> dict[str, Any]:
    """The server that DATABASE_URL names, else (on a developer's machine alone) the project's own: quotebase.postgres."""
    if IS_PRODUCTION:
        environment.required("DATABASE_URL", "the embedded PostgreSQL is for development")
    if config := environment.read_database("DATABASE"):
        return config
    # So that read servers can follow it, on the same machine: for trying that out.
    embedded = {"wal_level": "logical"} if environment.read_switch("QUOTEBASE_PG_LOGICAL", default=False) else {}
    return {
        "ENGINE": "quotebase.postgres",
        "NAME": "quotebase",
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"data_folder": LOCAL_FOLDER / "postgres", "server_options": embedded},
    }


def writing(config: dict[str, Any]) -> dict[str, Any]:
    """The same server for writing. Triggers ask, row by row, whether they are to be passed over; where nothing is said, the
    question is an error that is caught in a subtransaction, and thousands of those make a transaction quadratic.
    """
    given = config["OPTIONS"].get("options", "")
    return {**config, "OPTIONS": {**config["OPTIONS"], "options": f"{given} -c pgtrigger.ignore={{}}".strip()}}


def reading(config: dict[str, Any], *, seconds: int) -> dict[str, Any]:
    """The same server for reading alone: no statement writes, or runs longer than so many seconds. Of several, any one."""
    given = config["OPTIONS"].get("options", "")
    limits = f"{given} -c default_transaction_read_only=on -c statement_timeout={seconds}s -c jit=off".strip()
    spread = SPREAD if environment.has_several_hosts(config) else {}
    return {**config, "OPTIONS": {**spread, **config["OPTIONS"], "options": limits}}


# The public's questions, and their whole result sets, which take as long as they take. On another server, or under a role
# that can read nothing else, where PUBLICATION_DATABASE_URL says so (docs/deployment.md).
_default = database()
_publication = environment.read_database("PUBLICATION_DATABASE") or _default
DATABASES = {
    "default": writing(_default),
    "publication": reading(_publication, seconds=2),
    "exports": {**reading(_publication, seconds=900), "CONN_MAX_AGE": 0},
}
# Whether the public may read from a copy, which can be behind. Another role alone makes none.
PUBLICATION_IS_COPY = environment.place_of(_publication) != environment.place_of(_default)
# The read servers as their owner reaches them, and the home server as they reach it: for `manage.py read_server` alone.
_read_servers = environment.read_servers("QUOTEBASE_READ_SERVERS")
READ_SERVERS = {name: f"read_server_{name}" for name in _read_servers}
DATABASES |= {READ_SERVERS[name]: config for name, config in _read_servers.items()}
REPLICATION_CONNINFO = environment.read_conninfo("REPLICATION_DATABASE")
DATABASE_ROUTERS = ["quotebase.routing.PublicationRouter"]
PUBLICATION_ALIAS = "publication"
EXPORTS_ALIAS = "exports"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]

LANGUAGE_CODE = "en"
TIME_ZONE = "UTC"
USE_TZ = True

STATIC_URL = "static/"
# Frozen data sets, which the API serves (docs/releases.md).
RELEASES_FOLDER = Path(environment.read("QUOTEBASE_RELEASES", str(LOCAL_FOLDER / "releases")))
# Files that were looked at and wait to be brought in, for some hours (quotes/admin/importing/keeping.py): on a disk that all
# web processes share.
UPLOADS_FOLDER = Path(environment.read("QUOTEBASE_UPLOADS", str(LOCAL_FOLDER / "uploads")))
STATIC_ROOT = Path(environment.read("QUOTEBASE_STATIC_ROOT", str(BASE_DIR / "staticfiles")))
# Hashed names need a `collectstatic`, which the image runs; on a developer's machine files are served from where they lie.
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = not IS_PRODUCTION
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if IS_PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
FIXTURE_DIRS = [BASE_DIR / "fixtures"]

REST_FRAMEWORK = {
    # Anybody may read; a token gives a wider limit, and one that is not valid is an error even where none is needed.
    "DEFAULT_AUTHENTICATION_CLASSES": ["quotes.api.authentication.TokenAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.AllowAny"],
    "UNAUTHENTICATED_USER": None,
    "DEFAULT_RENDERER_CLASSES": ["quotes.api.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "quotes.api.problems.problem_response",
    # How many proxies of ours stand before the service: the address that the outermost saw is the reader's.
    "NUM_PROXIES": environment.read_number("QUOTEBASE_PROXIES", default=1 if IS_PRODUCTION else 0),
    "URL_FORMAT_OVERRIDE": None,
}

# Requests of each network address and of each token are counted where all workers see it.
if IS_PRODUCTION:
    environment.required("QUOTEBASE_CACHE_URL", "rate limits are counted there, over all workers")
CACHES: dict[str, dict[str, Any]] = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
if _cache := environment.read("QUOTEBASE_CACHE_URL"):
    CACHES["limits"] = {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": _cache,
        # Nobody waits for a courtesy.
        "OPTIONS": {"socket_timeout": 0.2, "socket_connect_timeout": 0.2},
    }
else:  # `make run` serves from one process
    CACHES["limits"] = {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "limits",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
RATE_LIMITS = {
    "anonymous": environment.read_rate("QUOTEBASE_RATE_ANONYMOUS", default="600/min"),
    "token": environment.read_rate("QUOTEBASE_RATE_TOKEN", default="3000/min"),
}

# Anybody's page may read the API, which shows everybody the same. Curators' addresses are for programs with a token.
CORS_URLS_REGEX = r"^/api/(?!v1/curation/)"
CORS_ALLOW_ALL_ORIGINS = True
CORS_ALLOW_METHODS = ["GET", "HEAD", "OPTIONS"]
CORS_ALLOW_HEADERS = ["accept", "authorization", "if-none-match", "if-modified-since"]
CORS_EXPOSE_HEADERS = [
    "Content-Disposition",
    "Link",
    "ETag",
    "Last-Modified",
    "RateLimit",
    "RateLimit-Policy",
    "Retry-After",
    "Deprecation",
    "Sunset",
]
SPECTACULAR_SETTINGS = {
    "TITLE": "quotebase",
    "DESCRIPTION": "Who said what about civil liberties, in what capacity, for or against what, and where the proof stands.",
    "VERSION": "1.0.0",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "POSTPROCESSING_HOOKS": ["quotes.api.schema.complete", "quotes.api.curation.schema.add_components"],
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
}

# One trigger run a statement, not a row: row triggers are quadratic within a transaction (100,000 imported rows took 219 s
# in a trial, 2.4 s this way). Bulk changes and SQL by hand are covered all the same.
PGHISTORY_LEVEL = pghistory.Statement
PGHISTORY_MIDDLEWARE_METHODS = ("POST", "PUT", "PATCH", "DELETE")

# Said to the publishers whose pages are fetched, so that they can ask: an address of this service, or of its keeper.
READER_CONTACT = environment.read("QUOTEBASE_READER_CONTACT", "")

X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
if IS_PRODUCTION:
    # A TLS-terminating proxy stands in front (docs/deployment.md); it must set this header itself.
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_SSL_REDIRECT = environment.read_switch("QUOTEBASE_SSL_REDIRECT", default=True)
    SECURE_REDIRECT_EXEMPT = [r"^livez$"]
    SECURE_HSTS_SECONDS = 31_536_000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    # A client's mistake is answered to the client; it is no news for whoever keeps the service.
    # Nor is a page that is no article.
    "loggers": {"django.request": {"level": "ERROR"}, "trafilatura": {"level": "CRITICAL"}},
    "root": {"handlers": ["console"], "level": environment.read("QUOTEBASE_LOG_LEVEL", "WARNING")},
}
