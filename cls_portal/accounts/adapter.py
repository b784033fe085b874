"""How django-allauth behaves here: nobody signs up, and nobody learns which addresses have an account."""

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.urls import reverse

from cls_portal.core.mail import send_mail

UNKNOWN_IP = "unknown"


class AccountAdapter(DefaultAccountAdapter):
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": "L’adresse électronique ou le mot de passe ne convient pas.",
        "enter_current_password": "Ce n’est pas votre mot de passe actuel.",
        "incorrect_code": "Ce code ne convient pas. Recopiez le dernier code reçu.",
        "invalid_password_reset": "Ce lien n’est plus valable.",
        "rate_limited": "Trop de demandes en peu de temps. Attendez une minute avant de recommencer.",
        "too_many_login_attempts": (
            "Trop d’essais en peu de temps\u00a0: la connexion est suspendue pour cinq minutes. "
            "Attendez avant de recommencer."
        ),
    }

    def is_open_for_signup(self, request) -> bool:
        return False

    def authenticate(self, request, **credentials):
        """A disabled account answers like an unknown one, even to its right password."""
        user = super().authenticate(request, **credentials)
        return user if user and user.is_active else None

    def send_mail(self, template_prefix: str, email: str, context: dict) -> None:
        send_mail(template_prefix, email, context)

    def get_reset_password_from_key_url(self, key: str) -> str:
        """Built from SITE_URL: the Host header is the visitor's, who could make it lead elsewhere."""
        uidb36, _dash, token = key.partition("-")
        return settings.SITE_URL + reverse("account_reset_password_from_key", args=[uidb36, token])

    def get_password_change_redirect_url(self, request) -> str:
        return reverse("account_profile")

    def get_client_ip(self, request) -> str:
        """Behind a unix socket, or when a proxy was bypassed, there is no address to trust: all count as one."""
        try:
            return super().get_client_ip(request)
        except (ImproperlyConfigured, PermissionDenied):
            return UNKNOWN_IP

    def _get_login_attempts_cache_key(self, request, **credentials) -> str:
        """The account alone: with the Host header in the key, another host name would give five more tries."""
        return credentials.get("email", "").lower()
