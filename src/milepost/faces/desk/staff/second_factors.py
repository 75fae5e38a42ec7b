"""Second factors of staff: whose role must have one, and how allauth draws and keeps them."""

from base64 import b32encode, urlsafe_b64encode
from hashlib import sha256
from io import BytesIO
from secrets import token_bytes
from typing import Any

import segno
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from milepost.ground.access import second_factors
from milepost.ground.access.models import Staff


def is_wanted(me: Staff) -> bool:
    """Whether one of their roles must have a second factor here (MILEPOST_MFA_ROLES)."""
    return not settings.MFA_ROLES.isdisjoint(me.roles)


def is_missing(me: Staff) -> bool:
    """Whether they must set one up before they reach anything else. No statement for roles that need none, else one."""
    return is_wanted(me) and not second_factors.has_one(me.pk)


class Factors(DefaultMFAAdapter):  # type: ignore[misc]
    """Draws the code to scan, and keeps secrets under our own key: who reads the database alone cannot sign in."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": _("That is not right. Check it, or wait for the next code."),
        "cannot_delete_authenticator": _("Your role needs a second factor. Add another one first."),
    }

    def get_totp_issuer(self) -> str:
        """What the authenticator app calls us."""
        return str(settings.BRAND)

    def _get_site_name(self) -> str:
        return str(settings.BRAND)

    def build_totp_svg(self, url: str) -> str:
        """The picture to scan, black on white whatever the page's colours."""
        drawn = BytesIO()
        segno.make(url, error="m", micro=False).save(drawn, kind="svg", scale=5, border=3, light="#fff")
        return drawn.getvalue().decode()

    def generate_authenticator_name(self, user: Staff, type: str) -> str:  # noqa: A002 as allauth calls it
        """What a new passkey is called until somebody names it."""
        return str(_("Passkey"))

    def can_delete_authenticator(self, authenticator: Any) -> bool:
        """Not the last one of somebody whose role needs one."""
        user: Staff = authenticator.user
        others = type(authenticator).objects.filter(user=user, type__in=second_factors.REAL)
        return not is_wanted(user) or others.exclude(pk=authenticator.pk).exists()

    def encrypt(self, text: str) -> str:
        """Sealed by a key that follows from our secret."""
        return _keys().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """What was sealed; of what another secret sealed something that no code fits."""
        try:
            return _keys().decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            return b32encode(token_bytes(20)).decode()


def _keys() -> MultiFernet:
    """Our secret's key and, while the secret is being changed, those of the former ones."""
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet(
        [Fernet(urlsafe_b64encode(sha256(f"milepost second factors {one!s}".encode()).digest())) for one in secrets]
    )
