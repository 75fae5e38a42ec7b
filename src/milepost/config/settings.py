"""Settings, all from the environment; every default is safe for one machine."""

import os
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from milepost.config import branding, environment
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
    "allauth.mfa",
    "allauth.usersessions",
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
    "milepost.way.care",
    "milepost.way.closeout",
    "milepost.overview.health",
    "milepost.overview.bulk",
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
ACCOUNT_ADAPTER = "milepost.faces.desk.staff.sign_in.StaffOnly"
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
# Wrong passwords close sign-in by ground/access/sign_in_locks.py; these are codes ("key", of one account) and places ("ip").
ACCOUNT_RATE_LIMITS = {"login": "30/m/ip", "login_failed": "5/15m/key,30/d/key"}
MFA_ADAPTER = "milepost.faces.desk.staff.second_factors.Factors"
MFA_FORMS = {
    "add_webauthn": "milepost.faces.desk.staff.passkeys.Adding",
    "authenticate_webauthn": "milepost.faces.desk.staff.passkeys.Authenticating",
    "reauthenticate_webauthn": "milepost.faces.desk.staff.passkeys.Reauthenticating",
    "login_webauthn": "milepost.faces.desk.staff.passkeys.SigningIn",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_TOLERANCE = 1
MFA_RECOVERY_CODE_COUNT = 10
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_ROLES = environment.roles(
    "MILEPOST_MFA_ROLES", "administrator,management,it_support" if SITE_URL.startswith("https://") else "none"
)
"""Who must have a second factor; without https only where it is said, for such an installation is mostly a demo on one machine."""
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("name", "email")},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None

MIDDLEWARE = [
    "milepost.config.border.BehindProxies",
    "milepost.config.border.OnlyWhatFits",
    "milepost.faces.api.short_way.ShortWay",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "milepost.faces.shield.Shield",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "milepost.faces.portal.languages.Spoken",
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
            "pool": {"min_size": 1, "timeout": 10, "max_size": environment.number("MILEPOST_DB_CONNECTIONS", 10)},
            **query,
        },
    }


DATABASES = {"default": database(os.environ.get("DATABASE_URL", "postgresql:///milepost"))}
# What all web processes count together: tries and codes of sign-in. Nothing on the way of an order asks it.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "access_cache", "OPTIONS": {"MAX_ENTRIES": 100_000},
    },
}  # fmt: skip
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

USE_TZ = True
TIME_ZONE = "UTC"
HOME_ZONE = os.environ.get("MILEPOST_ZONE", "Europe/Berlin")
LANGUAGE_CODE = "en"
LANGUAGES = [
    ("en", "English"), ("de", "Deutsch"), ("es", "Español"), ("fr", "Français"), ("pt", "Português"), ("ar", "العربية"),
]  # fmt: skip
LANGUAGE_COOKIE_NAME = "milepost_language"
FORMAT_MODULE_PATH = "milepost.faces.look.formats"
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
SECURE_HSTS_SECONDS = 31_536_000 if SITE_URL.startswith("https://") else 0
PROXIES = environment.number("MILEPOST_PROXIES", 0)
"""How many proxies of our own stand in front; what they add to a request is believed."""
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if PROXIES else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 20 * 1024 * 1024

PROCRASTINATE_IMPORT_PATHS = ["milepost.config.jobs"]

# Mail: a server's address ("smtp://user:password@host:port", "smtps://") or nothing, which keeps every message in the mailbox page.
SMTP_URL = os.environ.get("MILEPOST_SMTP_URL", "")
MAIL_FROM = os.environ.get("MILEPOST_MAIL_FROM", "orders@milepost.example")
SMTP_CONNECTIONS = environment.number("MILEPOST_SMTP_CONNECTIONS", 8)
# Providers of mail (django-anymail), beside or instead of a server:
# {"mailgun": {"api_key": …, "webhook_signing_key": …}, "postmark": …}.
MAIL_SENDERS = environment.described("MILEPOST_MAIL_SENDERS")
# SMS: from whom (a number, a name, a messaging service of Twilio), and by whom; MILEPOST_SMS_HTTP describes any other provider.
SMS_FROM = os.environ.get("MILEPOST_SMS_FROM", "")
TWILIO_ACCOUNT = os.environ.get("MILEPOST_TWILIO_ACCOUNT", "")
TWILIO_TOKEN = os.environ.get("MILEPOST_TWILIO_TOKEN", "")
VONAGE_KEY = os.environ.get("MILEPOST_VONAGE_KEY", "")
VONAGE_SECRET = os.environ.get("MILEPOST_VONAGE_SECRET", "")
VONAGE_SIGNATURE_SECRET = os.environ.get("MILEPOST_VONAGE_SIGNATURE_SECRET", "")
SMS_HTTP = environment.described("MILEPOST_SMS_HTTP")
# Simulated providers, by channel and name their ports: {"email": {"one": 4025, "two": 4026}}.
SIMULATED_SENDERS = environment.described("MILEPOST_SIMULATED_SENDERS")
# Further addresses under which orders reach us, and how they do: a mailbox ("imaps://user:password@host/INBOX"), a local SMTP
# receiver ("host:port", run by `milepost up` or `milepost inbox`), providers' webhooks (django-anymail; a secret each).
MAIL_ADDRESSES = environment.listed("MILEPOST_MAIL_ADDRESSES")
MAILBOX_URL = os.environ.get("MILEPOST_MAILBOX_URL", "")
SMTP_IN = os.environ.get("MILEPOST_SMTP_IN", "")
MAIL_PROVIDERS = {
    "mailgun": os.environ.get("MILEPOST_MAILGUN_SIGNING_KEY", ""),
    "postmark": os.environ.get("MILEPOST_POSTMARK_SECRET", ""),
    "sendgrid": os.environ.get("MILEPOST_SENDGRID_SECRET", ""),
}
LARGEST_MAIL = environment.number("MILEPOST_LARGEST_MAIL", 25 * 1024 * 1024)

BRAND = os.environ.get("MILEPOST_BRAND", "Milepost Demo Shop")
BRAND_PALETTE, BRAND_LOGO = branding.palette(), branding.logo()
SUPPORT_EMAIL = os.environ.get("MILEPOST_SUPPORT_EMAIL", "help@milepost.example")
SUPPORT_PHONE = os.environ.get("MILEPOST_SUPPORT_PHONE", "+49 30 901820")
HOME_COUNTRY = os.environ.get("MILEPOST_COUNTRY", "DE")
CURRENCY = os.environ.get("MILEPOST_CURRENCY", "EUR")
REFERENCE_KEY = os.environ.get("MILEPOST_REFERENCE_KEY") or kept_secret(VAR / "reference-key")
TRUSTED_HOSTS = frozenset(environment.listed("MILEPOST_TRUSTED_HOSTS"))
"""Hosts of our own network ("10.0.0.5:8080") that subscriptions may name; all others must be public."""
CHECK_LINKS = os.environ.get("MILEPOST_CHECK_LINKS", "1" if SITE_URL.startswith("https:") else "") == "1"
"""Whether carriers' tracking pages are looked at: by default where customers can reach this installation."""
EASYPOST_WEBHOOK_SECRET = os.environ.get("MILEPOST_EASYPOST_WEBHOOK_SECRET", "")
# Other tracking vendors: the secret of the webhook, the account's key, or (Shippo) a token in its address; without one none
# is trusted.
AFTERSHIP_WEBHOOK_SECRET = os.environ.get("MILEPOST_AFTERSHIP_WEBHOOK_SECRET", "")
SHIPPO_WEBHOOK_SECRET = os.environ.get("MILEPOST_SHIPPO_WEBHOOK_SECRET", "")
SHIPPO_WEBHOOK_TOKEN = os.environ.get("MILEPOST_SHIPPO_WEBHOOK_TOKEN", "")
SEVENTEENTRACK_KEY = os.environ.get("MILEPOST_SEVENTEENTRACK_KEY", "")
# UPS and USPS report by themselves where they were given a secret.
UPS_TRACK_ALERT_CREDENTIAL = os.environ.get("MILEPOST_UPS_TRACK_ALERT_CREDENTIAL", "")
USPS_WEBHOOK_SECRET = os.environ.get("MILEPOST_USPS_WEBHOOK_SECRET", "")
# Carriers that are asked: nobody is, unless their credentials are set; `…_URL` is for their test environments.
UPS_CLIENT = os.environ.get("MILEPOST_UPS_CLIENT_ID", ""), os.environ.get("MILEPOST_UPS_CLIENT_SECRET", "")
UPS_URL = os.environ.get("MILEPOST_UPS_URL", "https://onlinetools.ups.com")
FEDEX_CLIENT = os.environ.get("MILEPOST_FEDEX_CLIENT_ID", ""), os.environ.get("MILEPOST_FEDEX_CLIENT_SECRET", "")
FEDEX_URL = os.environ.get("MILEPOST_FEDEX_URL", "https://apis.fedex.com")
USPS_CLIENT = os.environ.get("MILEPOST_USPS_CLIENT_ID", ""), os.environ.get("MILEPOST_USPS_CLIENT_SECRET", "")
USPS_URL = os.environ.get("MILEPOST_USPS_URL", "https://apis.usps.com")
DHL_API_KEY = os.environ.get("MILEPOST_DHL_API_KEY", "")
DHL_URL = os.environ.get("MILEPOST_DHL_URL", "https://api-eu.dhl.com")
DHL_EXPRESS_LOGIN = os.environ.get("MILEPOST_DHL_EXPRESS_USER", ""), os.environ.get("MILEPOST_DHL_EXPRESS_PASSWORD", "")
DHL_EXPRESS_URL = os.environ.get("MILEPOST_DHL_EXPRESS_URL", "https://express.api.dhl.com")
# By karrio (an extra), for transport only: {"canpar": {"username": …, "password": …}}, as its carrier's settings are called.
KARRIO = environment.described("MILEPOST_KARRIO")
# To see it work: carriers that are played ("dhl,ups"), and how many minutes a day of their stories takes.
SIMULATED_CARRIERS = environment.listed("MILEPOST_SIMULATED_CARRIERS")
SIMULATED_DAY_MINUTES = environment.number("MILEPOST_SIMULATED_DAY_MINUTES", 1440)
SHIPENGINE_KEYS_URL = os.environ.get("MILEPOST_SHIPENGINE_KEYS_URL", "https://api.shipengine.com/jwks")
# Web shops: the secret of the webhook (or app) and, while it is renewed, the one before.
SHOPIFY_WEBHOOK_SECRET = os.environ.get("MILEPOST_SHOPIFY_WEBHOOK_SECRET", "")
SHOPIFY_FORMER_WEBHOOK_SECRET = os.environ.get("MILEPOST_SHOPIFY_FORMER_WEBHOOK_SECRET", "")
WOOCOMMERCE_WEBHOOK_SECRET = os.environ.get("MILEPOST_WOOCOMMERCE_WEBHOOK_SECRET", "")
WOOCOMMERCE_FORMER_WEBHOOK_SECRET = os.environ.get("MILEPOST_WOOCOMMERCE_FORMER_WEBHOOK_SECRET", "")
# Documents that their sender marks as a trial (ISA15, UNB 0035) are read and answered; "1" makes orders of them too.
EDI_TRIALS_ARE_ORDERS = os.environ.get("MILEPOST_EDI_TRIALS", "") == "1"

# Web push: our VAPID keys (`milepost push-keys` makes a pair) and, besides the browsers' own, further push services as hosts.
VAPID_PRIVATE_KEY = os.environ.get("MILEPOST_VAPID_PRIVATE_KEY", "")
VAPID_PUBLIC_KEY = os.environ.get("MILEPOST_VAPID_PUBLIC_KEY", "")
BROWSER_PUSH_SERVICES = ("fcm.googleapis.com", ".push.services.mozilla.com", ".push.apple.com", ".notify.windows.com")
PUSH_SERVICES = tuple(environment.listed("MILEPOST_PUSH_SERVICES"))
# Alerts to staff: for each role apprise URLs with blanks between, as MILEPOST_ALERTS_IT_SUPPORT="slack://… mailto://…".
STAFF_ALERTS = {
    name.removeprefix("MILEPOST_ALERTS_").lower(): tuple(urls.split())
    for name, urls in os.environ.items()
    if name.startswith("MILEPOST_ALERTS_") and urls.strip()
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": os.environ.get("MILEPOST_LOG_LEVEL", "WARNING")},
}
