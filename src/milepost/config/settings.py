"""Settings, all from the environment; every default is safe for one machine."""

import os
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from milepost.config.secrets import kept_secret

VAR = Path(os.environ.get("MILEPOST_VAR", "var"))
DEBUG = os.environ.get("MILEPOST_DEBUG", "") == "1"
SECRET_KEY = os.environ.get("MILEPOST_SECRET_KEY") or kept_secret(VAR / "secret-key")
ALLOWED_HOSTS = os.environ.get("MILEPOST_HOSTS", "localhost,127.0.0.1,[::1],testserver").split(",")
SITE_URL = os.environ.get("MILEPOST_URL", "http://127.0.0.1:8000").rstrip("/")
CSRF_TRUSTED_ORIGINS = [SITE_URL]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "ninja",
    "milepost.faces.look",
    "allauth",
    "allauth.account",
    "procrastinate.contrib.django",
    "milepost.ground.journal",
    "milepost.ground.access",
    "milepost.ground.parties",
    "milepost.ground.catalog",
    "milepost.ground.procedures",
    "milepost.ground.duties",
    "milepost.ground.arrivals",
    "milepost.ground.notices",
    "milepost.ground.webhooks",
    "milepost.way.intake",
    "milepost.way.orders",
    "milepost.way.shops",
    "milepost.way.stock",
    "milepost.way.promising",
    "milepost.way.fulfilment",
    "milepost.way.tracking",
    "milepost.way.delivery",
    "milepost.way.cases",
    "milepost.way.closeout",
    "milepost.faces.desk",
    "milepost.faces.portal",
    "milepost.config",
]

AUTH_USER_MODEL = "access.Staff"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/desk/"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_ADAPTER = "milepost.faces.desk.sign_in.StaffOnly"
ACCOUNT_RATE_LIMITS = {"login_failed": "10/m/ip,5/5m/key"}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None

MIDDLEWARE = [
    "milepost.config.border.OnlyWhatFits",
    "milepost.faces.api.short_way.ShortWay",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "milepost.faces.shield.Shield",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]

ROOT_URLCONF = "milepost.config.urls"
WSGI_APPLICATION = "milepost.config.wsgi.application"


def database(url: str) -> dict[str, object]:
    """Django's description of the database behind a `postgresql://` address."""
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query))
    host = query.pop("host", "") or unquote(parts.hostname or "")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(parts.port or query.pop("port", "")),
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            "server_side_binding": True,
            "prepare_threshold": 2,
            # Sets travel as arrays of any length, so a plan made once is as good as one made anew, and costs nothing.
            "options": "-c plan_cache_mode=force_generic_plan -c jit=off",
            "pool": {"min_size": 1, "timeout": 10, "max_size": int(os.environ.get("MILEPOST_DB_CONNECTIONS", "10"))},
            **query,
        },
    }


DATABASES = {"default": database(os.environ.get("DATABASE_URL", "postgresql:///milepost"))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

USE_TZ = True
TIME_ZONE = "UTC"
HOME_ZONE = os.environ.get("MILEPOST_ZONE", "Europe/Berlin")
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English")]
USE_I18N = True

STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
STATIC_ROOT.mkdir(parents=True, exist_ok=True)
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SITE_URL.startswith("https://")
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 20 * 1024 * 1024

PROCRASTINATE_IMPORT_PATHS = ["milepost.config.jobs"]

# Mail: a server's address ("smtp://user:password@host:port", "smtps://") or nothing, which keeps every message in the mailbox page.
SMTP_URL = os.environ.get("MILEPOST_SMTP_URL", "")
MAIL_FROM = os.environ.get("MILEPOST_MAIL_FROM", "orders@milepost.example")
# Further addresses under which orders reach us, and how they do: a mailbox ("imaps://user:password@host/INBOX"), a local SMTP
# receiver ("host:port", run by `milepost up` or `milepost inbox`), providers' webhooks (django-anymail; a secret each).
MAIL_ADDRESSES = [one for one in os.environ.get("MILEPOST_MAIL_ADDRESSES", "").split(",") if one]
MAILBOX_URL = os.environ.get("MILEPOST_MAILBOX_URL", "")
SMTP_IN = os.environ.get("MILEPOST_SMTP_IN", "")
MAIL_PROVIDERS = {
    "mailgun": os.environ.get("MILEPOST_MAILGUN_SIGNING_KEY", ""),
    "postmark": os.environ.get("MILEPOST_POSTMARK_SECRET", ""),
    "sendgrid": os.environ.get("MILEPOST_SENDGRID_SECRET", ""),
}
LARGEST_MAIL = int(os.environ.get("MILEPOST_LARGEST_MAIL", str(25 * 1024 * 1024)))

BRAND = os.environ.get("MILEPOST_BRAND", "Milepost Demo Shop")
SUPPORT_EMAIL = os.environ.get("MILEPOST_SUPPORT_EMAIL", "help@milepost.example")
SUPPORT_PHONE = os.environ.get("MILEPOST_SUPPORT_PHONE", "+49 30 901820")
HOME_COUNTRY = os.environ.get("MILEPOST_COUNTRY", "DE")
CURRENCY = os.environ.get("MILEPOST_CURRENCY", "EUR")
REFERENCE_KEY = os.environ.get("MILEPOST_REFERENCE_KEY") or kept_secret(VAR / "reference-key")
TRUSTED_HOSTS = frozenset(filter(None, os.environ.get("MILEPOST_TRUSTED_HOSTS", "").split(",")))
"""Hosts of our own network ("10.0.0.5:8080") that subscriptions may name; all others must be public."""
CHECK_LINKS = os.environ.get("MILEPOST_CHECK_LINKS", "1" if SITE_URL.startswith("https:") else "") == "1"
"""Whether carriers' tracking pages are looked at: by default where customers can reach this installation."""
EASYPOST_WEBHOOK_SECRET = os.environ.get("MILEPOST_EASYPOST_WEBHOOK_SECRET", "")
# Web shops: the secret of the webhook (or app) and, while it is renewed, the one before.
SHOPIFY_WEBHOOK_SECRET = os.environ.get("MILEPOST_SHOPIFY_WEBHOOK_SECRET", "")
SHOPIFY_FORMER_WEBHOOK_SECRET = os.environ.get("MILEPOST_SHOPIFY_FORMER_WEBHOOK_SECRET", "")
WOOCOMMERCE_WEBHOOK_SECRET = os.environ.get("MILEPOST_WOOCOMMERCE_WEBHOOK_SECRET", "")
WOOCOMMERCE_FORMER_WEBHOOK_SECRET = os.environ.get("MILEPOST_WOOCOMMERCE_FORMER_WEBHOOK_SECRET", "")
# Documents that their sender marks as a trial (ISA15, UNB 0035) are read and answered; "1" makes orders of them too.
EDI_TRIALS_ARE_ORDERS = os.environ.get("MILEPOST_EDI_TRIALS", "") == "1"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": os.environ.get("MILEPOST_LOG_LEVEL", "WARNING")},
}
