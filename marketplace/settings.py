"""Django settings: everything that differs between machines comes from the environment (see ``.env.example``)."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from marketplace.env import env
from marketplace.logs import logging_config

BASE_DIR = Path(__file__).resolve().parent.parent

DEBUG = env("DEBUG")
SECRET_KEY = env("SECRET_KEY")
if not SECRET_KEY:
    raise ImproperlyConfigured("SECRET_KEY is not set. `./market …` sets it for local use; see .env.example.")
ALLOWED_HOSTS = env("ALLOWED_HOSTS")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.headless",
    "django_structlog",
    "marketplace.kernel",
    "marketplace.rest",
    "marketplace.accounts",
    "marketplace.audit",
    "marketplace.delivery",
    "profiles",
    "marketplace.clients",
    "matching",
    "marketplace.privacy",
    "marketplace.local",
]

MIDDLEWARE = [
    "marketplace.rest.middleware.EdgeMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "marketplace.rest.middleware.RequestLog",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
]

ROOT_URLCONF = "marketplace.urls"
WSGI_APPLICATION = "marketplace.wsgi.application"
APPEND_SLASH = False
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        # Before allauth's own letters of the same names.
        "DIRS": [BASE_DIR / "marketplace" / "accounts" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
            ]
        },
    }
]

# -- database ---------------------------------------------------------------------------------------------------------
# A statement that hangs holds locks that others wait for, so PostgreSQL itself ends it.
_OPTIONS: dict[str, Any] = {
    "options": "-c statement_timeout=30s -c lock_timeout=3s -c idle_in_transaction_session_timeout=60s",
    "connect_timeout": 5,
}
if env("DATABASE_POOL"):
    # The pool serves the web process only: Celery closes it after each task, and forks inherit it badly.
    _OPTIONS["pool"] = {"min_size": 2, "max_size": 12, "timeout": 5}
DATABASES = {
    "default": {
        **env.db_url("DATABASE_URL", default="postgres://app@localhost/celula"),
        "CONN_MAX_AGE": 0,
        "OPTIONS": _OPTIONS,
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# -- Redis: a doorbell, counters and a cache; never the truth ---------------------------------------------------------
REDIS_URL = env("REDIS_URL") or "redis://localhost:6379/0"
REDIS_PREFIX = env("REDIS_PREFIX")

CELERY_BROKER_URL = REDIS_URL
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 900,
    "unacked_restore_interval": 10,
    "unacked_restore_throttle": 1,
    "global_keyprefix": f"{REDIS_PREFIX}:",
    "socket_keepalive": True,
    "health_check_interval": 25,
    "socket_timeout": 30,
    "socket_connect_timeout": 2,
    # Without bounds a publish would hold the web request while Redis is away.
    "retry_policy": {"timeout": 2.0},
}
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_SOFT_TIME_LIMIT = 240
CELERY_TASK_TIME_LIMIT = 300
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_TASK_ROUTES = {
    "matching.tasks.compose": {"queue": "match"},
    "matching.tasks.replace": {"queue": "match"},
    # What waits for other people's servers keeps to itself.
    "marketplace.delivery.tasks.*": {"queue": "webhooks"},
}
CELERY_TASK_PUBLISH_RETRY = False
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_MAX_TASKS_PER_CHILD = 200
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 30
CELERY_WORKER_ENABLE_SOFT_SHUTDOWN_ON_IDLE = True
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = False
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TIMEZONE = "UTC"
SWEEP_SECONDS = env("SWEEP_SECONDS")
CELERY_BEAT_SCHEDULE = {"sweep": {"task": "matching.tasks.sweep", "schedule": float(SWEEP_SECONDS)}}

RUN_LEASE_SECONDS = env("RUN_LEASE_SECONDS")
RUN_SECONDS = env("RUN_SECONDS")
RUN_ATTEMPTS = 3

# The market index of this machine's workers; it can be deleted at any time.
INDEX_FOLDER = env("INDEX_FOLDER") or str(Path(tempfile.gettempdir()) / f"celula-index-{os.getuid()}")

# -- people and keys --------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "optional"
ACCOUNT_ADAPTER = "marketplace.accounts.adapter.AccountAdapter"
ACCOUNT_SIGNUP_FORM_CLASS = "marketplace.accounts.sign_up.SignUp"
HEADLESS_ADAPTER = "marketplace.accounts.adapter.HeadlessAdapter"
HEADLESS_ONLY = True
HEADLESS_CLIENTS = ("app",)
# Where people use the service; e-mails link there. Notifications link to nothing while it is empty.
FRONTEND_URL = env("FRONTEND_URL").rstrip("/")
HEADLESS_FRONTEND_URLS = {
    "account_confirm_email": f"{FRONTEND_URL}/account/verify-email/{{key}}",
    "account_reset_password": f"{FRONTEND_URL}/account/password/reset",
    "account_reset_password_from_key": f"{FRONTEND_URL}/account/password/reset/key/{{key}}",
    "account_signup": f"{FRONTEND_URL}/account/signup",
}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
if not env("THROTTLE"):
    ACCOUNT_RATE_LIMITS = False
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = not DEBUG
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": f"{REDIS_PREFIX}:cache",
        "OPTIONS": {"socket_timeout": 2, "socket_connect_timeout": 2},
    }
}

# -- what leaves the house --------------------------------------------------------------------------------------------
# "host:port" that webhooks may reach although they are not public, and a file of certificate authorities to trust for
# them: receivers on a developer's machine. Refused when DEBUG is off (see delivery.checks).
OUTBOUND_ALLOWED_HOSTS = env("OUTBOUND_ALLOWED_HOSTS")
OUTBOUND_CA_FILE = env("OUTBOUND_CA_FILE")
# smtp+tls://user:password@host:587, smtp+ssl://…:465, filemail:///folder; without one, e-mails go to the console.
_MAIL = env.email_url_config(env("EMAIL_URL") or "consolemail://")
EMAIL_BACKEND = _MAIL["EMAIL_BACKEND"]
EMAIL_HOST, EMAIL_PORT = _MAIL.get("EMAIL_HOST") or "localhost", _MAIL.get("EMAIL_PORT") or 25
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _MAIL.get("EMAIL_HOST_USER") or "", _MAIL.get("EMAIL_HOST_PASSWORD") or ""
EMAIL_USE_TLS, EMAIL_USE_SSL = _MAIL.get("EMAIL_USE_TLS", False), _MAIL.get("EMAIL_USE_SSL", False)
# What reads the URL takes the slash that makes a path absolute for the one that ends the host.
EMAIL_FILE_PATH = f"/{_MAIL['EMAIL_FILE_PATH'].lstrip('/')}" if _MAIL.get("EMAIL_FILE_PATH") else None
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env("EMAIL_FROM")

# -- personal identifiers ---------------------------------------------------------------------------------------------
# FIELD_KEYS: "id:base64 of 32 bytes", newest first; the first encrypts, all decrypt. BLIND_INDEX_KEY: base64 likewise.
FIELD_KEYS = env("FIELD_KEYS")
BLIND_INDEX_KEY = env("BLIND_INDEX_KEY")

# -- languages and time -----------------------------------------------------------------------------------------------
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("es-mx", _("Spanish (Mexico)"))]
LOCALE_PATHS = [BASE_DIR / "marketplace" / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

# -- HTTP -------------------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
# The pages' few files are served from where their packages keep them; nothing is collected.
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG
# A body is at most 1 MB, but for files; the edge refuses what is larger before it is read (see rest.middleware).
MAX_BODY = 1_048_576
LARGER_BODIES = {"/api/v1/professionals/me/imports": 5 * MAX_BODY}
DATA_UPLOAD_MAX_MEMORY_SIZE = max(MAX_BODY, *LARGER_BODIES.values())
TRUSTED_PROXIES = env("TRUSTED_PROXIES")
THROTTLE = env("THROTTLE")
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "marketplace.accounts.authentication.SessionToken",
        "marketplace.accounts.authentication.OrganizationKey",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["marketplace.rest.permissions.Authenticated"],
    "DEFAULT_RENDERER_CLASSES": ["marketplace.rest.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["marketplace.rest.parsers.JSONParser"],
    "DEFAULT_PAGINATION_CLASS": "marketplace.rest.pagination.CursorPagination",
    "DEFAULT_SCHEMA_CLASS": "marketplace.rest.schema.Schema",
    "DEFAULT_THROTTLE_CLASSES": ["marketplace.rest.throttling.SteadyRate"],
    "EXCEPTION_HANDLER": "marketplace.rest.problems.exception_handler",
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "rest_framework.negotiation.DefaultContentNegotiation",
    "UNAUTHENTICATED_USER": None,
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Célula API",
    "DESCRIPTION": (
        "Solution cells of Mexican and US professionals for US firms: projects, composed cells with proofs, review, "
        "offers and bookings. Errors are RFC 9457 problem details with a stable `code`."
    ),
    "VERSION": "1.0.0",
    "OAS_VERSION": "3.1.1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_ADD_EXPLICIT_BLANK_NULL_CHOICE": True,
    "SCHEMA_PATH_PREFIX": r"/api/v1",
    "SORT_OPERATION_PARAMETERS": True,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "SERVE_AUTHENTICATION": [],
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "marketplace.rest.schema.add_problems",
    ],
    "ENUM_NAME_OVERRIDES": {
        "ProfessionalStatus": "profiles.states.ProfessionalStatus",
        "ResumeImportStatus": "profiles.states.ResumeImportStatus",
        "ImportItemStatus": "profiles.states.ImportItemStatus",
        "ProjectStatus": "marketplace.clients.states.ProjectStatus",
        "EngagementStatus": "marketplace.clients.states.EngagementStatus",
        "PlacementStatus": "marketplace.clients.states.PlacementStatus",
        "InvitationStatus": "marketplace.clients.states.InvitationStatus",
        "AnswerChannel": "marketplace.clients.models.invitation.AnswerChannel",
        "ChangeStatus": "marketplace.clients.states.ChangeStatus",
        "LeaveStatus": "marketplace.clients.states.LeaveStatus",
        "MilestoneStatus": "marketplace.clients.states.MilestoneStatus",
        "DocumentStatus": "marketplace.clients.states.DocumentStatus",
        "ChangeKind": "marketplace.clients.models.change.ChangeKind",
        "DocumentKind": "marketplace.clients.models.document.DocumentKind",
        "Party": "marketplace.clients.models.change.Party",
        "RatingSide": "marketplace.clients.models.rating.Side",
        "MatchRunStatus": "matching.states.MatchRunStatus",
        "ProposalStatus": "matching.states.ProposalStatus",
        "OfferStatus": "matching.states.OfferStatus",
        "ReplacementStatus": "matching.states.ReplacementStatus",
        "WebhookStatus": "marketplace.delivery.states.EndpointStatus",
        "NotificationCategory": "marketplace.delivery.models.notification.Category",
        "WebhookDeliveryStatus": "marketplace.delivery.states.DeliveryStatus",
        "PrivacyRequestStatus": "marketplace.privacy.states.RequestStatus",
        "PrivacyRequestKind": "marketplace.privacy.models.RequestKind",
        "DuplicateStatus": "profiles.states.DuplicateStatus",
        "MergeSide": "profiles.services.merging.fields.Side",
        "SavedSearchCadence": "profiles.models.roster.Cadence",
        "SkillKind": "profiles.levels.SkillKind",
        "CefrLevel": "profiles.api.scales.CEFR",
        "ContractRoute": "profiles.api.scales.CONTRACT_ROUTE",
        "Country": "profiles.api.scales.COUNTRY",
        "Evidence": "profiles.api.scales.EVIDENCE",
        "EvidenceGiven": "profiles.api.scales.EVIDENCE_GIVEN",
        "Function": "profiles.api.scales.FUNCTION",
        "Seniority": "profiles.api.scales.SENIORITY",
        "LanguageCode": "profiles.levels.LanguageCode",
        "UserLanguage": "marketplace.accounts.models.Language",
        "Role": "marketplace.accounts.permissions.Role",
        "MemberRole": "marketplace.clients.models.organization.MemberRole",
        "SolutionType": "marketplace.clients.models.project.SolutionType",
    },
}

LOGGING = logging_config(env("LOG_LEVEL"))
DJANGO_STRUCTLOG_CELERY_ENABLED = True
DJANGO_STRUCTLOG_USER_ID_FIELD = None
# The edge has put an id of ours in the place of anything malformed.
DJANGO_STRUCTLOG_TRUST_UPSTREAM_REQUEST_ID = True
DJANGO_STRUCTLOG_IP_LOGGING_ENABLED = False
