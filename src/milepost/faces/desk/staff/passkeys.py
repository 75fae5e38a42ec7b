"""Passkeys as allauth reads them, made safe: what is none is refused, and the last second factor that a role needs stays."""

from struct import error as broken_struct
from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn import forms
from allauth.mfa.webauthn.views import RemoveWebAuthnView
from django.http import HttpResponse

UNREADABLE = (AttributeError, IndexError, KeyError, TypeError, ValueError, broken_struct)
"""What reading somebody's bytes as a passkey may end in; allauth expects only some of it."""


class Adding(forms.AddWebAuthnForm):  # type: ignore[misc]
    """A new passkey."""

    def clean(self) -> dict[str, Any]:
        """Read and check what the browser sent. Refuses what cannot be read."""
        try:
            cleaned: dict[str, Any] = super().clean()
        except UNREADABLE as unreadable:
            raise get_adapter().validation_error("incorrect_code") from unreadable
        return cleaned


class _Reading:
    def clean_credential(self) -> Authenticator:
        """The passkey that was used. Refuses what cannot be read."""
        try:
            return super().clean_credential()  # type: ignore[misc]
        except UNREADABLE as unreadable:
            raise get_adapter().validation_error("incorrect_code") from unreadable


class Authenticating(_Reading, forms.AuthenticateWebAuthnForm):  # type: ignore[misc]
    """A passkey after the password."""


class Reauthenticating(_Reading, forms.ReauthenticateWebAuthnForm):  # type: ignore[misc]
    """A passkey once more."""


class SigningIn(_Reading, forms.LoginWebAuthnForm):  # type: ignore[misc]
    """A passkey alone."""


class RemovePasskey(RemoveWebAuthnView):  # type: ignore[misc]
    """allauth's page, which asks nobody whether it may; that of the authenticator app does."""

    def form_valid(self, form: Any) -> HttpResponse:
        """Refuse with the reason, or go on."""
        adapter = get_adapter()
        if not adapter.can_delete_authenticator(self.object):
            form.add_error(None, adapter.validation_error("cannot_delete_authenticator"))
            refused: HttpResponse = self.render_to_response(self.get_context_data(form=form), status=409)
            return refused
        removed: HttpResponse = super().form_valid(form)
        return removed


remove_passkey = RemovePasskey.as_view()
