"""The one settings file. Everything that differs between deployments comes from the environment."""

from pathlib import Path

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _
from environs import Env

from config import embedded

env = Env()
BASE_DIR = Path(__file__).resolve().parent.parent
env.read_env(BASE_DIR / ".env", recurse=False)

DEBUG = env.bool("DEBUG", False)
# A deployment must bring its own key; the embedded services keep one in .local/ for demo, development and tests.
SECRET_KEY = env.str("SECRET_KEY", "") or embedded.secret_key()
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", ["127.0.0.1", "localhost", "[::1]"])
CSRF_TRUSTED_ORIGINS: list[str] = env.list("CSRF_TRUSTED_ORIGINS", [])
BEHIND_TLS = env.bool("BEHIND_TLS", False)

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_htmx",
    "template_partials",
    "csp",
    "pgtrigger",
    "pghistory",
    "django_prometheus",
    "core",
    "accounts",
    "creators",
    "violations",
    "campaigns",
]

MIDDLEWARE = [
    "django_prometheus.middleware.PrometheusBeforeMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    # After authentication: the language is the user's own.
    "accounts.http.LocaleMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "accounts.http.HistoryMiddleware",
    "django_prometheus.middleware.PrometheusAfterMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.debug",
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
            "builtins": ["django.templatetags.i18n", "django.templatetags.static", "core.templatetags.ui"],
        },
    }
]

# What each app adds to the pages of lower ones: dotted paths, so that no lower app imports a higher one.
NAVIGATION = "config.composition.NAV"
FACETS = "config.composition.FACETS"
PANELS = "config.composition.PANELS"
GUARDS = "config.composition.GUARDS"
CONSEQUENCES = "config.composition.CONSEQUENCES"
CREATOR_PAGES = "config.composition.CREATOR_PAGES"

# --- Data ---------------------------------------------------------------------------------------------------------
DATABASES = {
    "default": {
        **env.dj_db_url("DATABASE_URL", embedded.database_url()),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }
}
DATABASES["default"]["TEST"] = {"NAME": "test_creator_desk"}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
REDIS_URL = embedded.redis_url()
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "creator-desk",
    }
}
MEDIA_ROOT = Path(env.str("MEDIA_ROOT", "") or embedded.local_dir() / "media")
FILE_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
DATA_UPLOAD_MAX_MEMORY_SIZE = 10_000_000
FILE_UPLOAD_TEMP_DIR = None
# The first handler stops files of more than 200 MB.
FILE_UPLOAD_HANDLERS = [
    "core.uploads.handlers.SizeLimitHandler",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

# --- Background work ----------------------------------------------------------------------------------------------
CELERY_BROKER_URL = embedded.celery_url()
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
# Without it the task of a killed child is lost.
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_WORKER_MAX_TASKS_PER_CHILD = 200
# Above the longest chunk, so that a running chunk is never delivered twice.
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 7200, "unacked_restore_throttle": 1}
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULE_FILENAME = str(embedded.local_dir() / "celerybeat-schedule")
CELERY_BEAT_SCHEDULE = {
    "jobs-wake": {"task": "core.tasks.jobs_wake", "schedule": 15, "options": {"expires": 14}},
    "uploads-sweep": {"task": "core.tasks.files_sweep", "schedule": 3600, "options": {"expires": 3500}},
    "snapshots-prune": {"task": "creators.tasks.snapshots_prune", "schedule": 86400, "options": {"expires": 80000}},
    "partitions-ensure": {"task": "creators.tasks.partitions_ensure", "schedule": 86400, "options": {"expires": 80000}},
    "standings-sweep": {"task": "violations.tasks.standings_sweep_task", "schedule": 300, "options": {"expires": 290}},
    "notices-wake": {"task": "violations.tasks.notices_wake_task", "schedule": 60, "options": {"expires": 55}},
    "appeals-escalate": {
        "task": "violations.tasks.appeals_escalate_task",
        "schedule": 900,
        "options": {"expires": 890},
    },
    "blacklist-reviews": {
        "task": "violations.tasks.blacklist_reviews_task",
        "schedule": 86400,
        "options": {"expires": 80000},
    },
    "collaborations-sweep": {
        "task": "campaigns.tasks.collaborations.collaborations_sweep_task",
        "schedule": 300,
        "options": {"expires": 290},
    },
    "messages-wake": {
        "task": "campaigns.tasks.outreach.messages_wake_task",
        "schedule": 60,
        "options": {"expires": 55},
    },
    "reminders-escalate": {
        "task": "campaigns.tasks.outreach.reminders_escalate_task",
        "schedule": 900,
        "options": {"expires": 890},
    },
    "samples-judge": {
        "task": "campaigns.tasks.samples.samples_judge_task",
        "schedule": 3600,
        "options": {"expires": 3500},
    },
    "settlements-refresh": {
        "task": "campaigns.tasks.settlements.settlements_refresh_task",
        "schedule": 86400,
        "options": {"expires": 80000},
    },
}

# --- People -------------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "creator_list"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_ADAPTER = "accounts.http.AccountAdapter"
ACCOUNT_LOGOUT_ON_GET = False
# No mail to addresses without an account: there is no sign-up that it could point to.
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = DEBUG
MFA_TOTP_ISSUER = "Creator Desk"
EMAIL_CONFIG = env.dj_email_url("EMAIL_URL", "console://")
vars().update({key: value for key, value in EMAIL_CONFIG.items() if key.startswith("EMAIL")})
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", "Creator Desk <no-reply@localhost>")
# Answers of creators come here and are piped into `manage.py receive_mail`; unset, they go to who wrote.
INBOUND_ADDRESS = env.str("INBOUND_ADDRESS", "")

# --- Languages and time -------------------------------------------------------------------------------------------
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("zh-hans", "简体中文")]
LOCALE_PATHS = [BASE_DIR / "locale"]
LANGUAGE_COOKIE_AGE = 365 * 86400
USE_I18N = True
USE_TZ = True
TIME_ZONE = env.str("TIME_ZONE", "UTC")
PRODUCT_NAME = _("Creator Desk")

# --- Browser ------------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_USE_FINDERS = True
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        # Charts and meter widths need style attributes; nothing else is inline.
        "style-src-attr": ["'unsafe-inline'"],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
CSRF_FAILURE_VIEW = "core.views.csrf_failure"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
# Read from Valkey, kept in PostgreSQL: signing in survives a flushed cache.
SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
if BEHIND_TLS:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
    SECURE_HSTS_SECONDS = 31_536_000
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True

# --- API ----------------------------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "accounts.api.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_THROTTLE_CLASSES": ["rest_framework.throttling.UserRateThrottle"],
    "DEFAULT_THROTTLE_RATES": {"user": env.str("API_THROTTLE", "600/min")},
    "EXCEPTION_HANDLER": "core.http.api_exception_handler",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Creator Desk API",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "COMPONENT_SPLIT_REQUEST": True,
    # Fields of one name with other values, such as "quality": what a person says of a list, and what a value has.
    "ENUM_NAME_OVERRIDES": {
        "ListQuality": ["exact", "range", "estimate"],
        "EntryKind": "violations.states.EntryKind",
        "BatchKind": "violations.states.BatchKind",
        "BookState": "violations.states.BookState",
        "MessageLanguage": "campaigns.rules.variables.LANGUAGES",
        "ProductState": "campaigns.states.plans.ProductState",
        "CampaignState": "campaigns.states.plans.CampaignState",
        "PlanState": "campaigns.states.plans.PlanState",
        "CollaborationState": "campaigns.states.collaborations.CollaborationState",
        "SampleState": "campaigns.states.samples.SampleState",
        "ContentState": "campaigns.states.contents.ContentState",
        "ContentKind": "campaigns.states.contents.ContentKind",
        "MessageState": "campaigns.states.outreach.MessageState",
        "LineState": "campaigns.states.settlements.LineState",
        "LineKind": "campaigns.states.settlements.LineKind",
        "ProblemState": "campaigns.states.problems.ProblemState",
        "ProblemKind": "campaigns.states.problems.ProblemKind",
        "QuoteSource": "campaigns.states.settlements.QuoteSource",
        "ResultSource": "campaigns.states.contents.ResultSource",
    },
}

# --- Operation ----------------------------------------------------------------------------------------------------
LOG_LEVEL = env.str("LOG_LEVEL", "INFO")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {
            "()": "structlog.stdlib.ProcessorFormatter",
            "processor": "structlog.processors.JSONRenderer",
            "foreign_pre_chain": ["structlog.stdlib.add_log_level", "structlog.stdlib.add_logger_name"],
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": LOG_LEVEL},
}
PROMETHEUS_EXPORT_MIGRATIONS = False
METRICS_TOKEN = env.str("METRICS_TOKEN", "")
