"""The forms of django-allauth in our words, without placeholders, and the profile."""

from functools import partial

from allauth.account import forms as allauth_forms
from django.core.validators import MaxLengthValidator

from cls_portal.accounts.models import User
from cls_portal.core.forms import PortalModelForm
from cls_portal.core.mail import after_the_answer

PASSWORD_LENGTH = 256


class PlainFieldsMixin:
    """`labels` by field; a field is named by its label, never by a placeholder that goes away while typing."""

    labels = {}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.label = self.labels.get(name, field.label)
            field.widget.attrs.pop("placeholder", None)
            if field.max_length is None:
                field.validators.append(MaxLengthValidator(PASSWORD_LENGTH))


class LoginForm(PlainFieldsMixin, allauth_forms.LoginForm):
    labels = {"login": "Adresse électronique", "password": "Mot de passe"}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["password"].help_text = ""


class RequestLoginCodeForm(PlainFieldsMixin, allauth_forms.RequestLoginCodeForm):
    labels = {"email": "Adresse électronique"}


class ConfirmLoginCodeForm(PlainFieldsMixin, allauth_forms.ConfirmLoginCodeForm):
    labels = {"code": "Code reçu par courriel"}


class ResetPasswordForm(PlainFieldsMixin, allauth_forms.ResetPasswordForm):
    labels = {"email": "Adresse électronique"}

    def save(self, request, **kwargs) -> str:
        """The link takes time to make, and only for an address that has an account."""
        make_and_send = partial(super().save, request, **kwargs)
        after_the_answer(make_and_send)
        return self.cleaned_data["email"]


class ResetPasswordKeyForm(PlainFieldsMixin, allauth_forms.ResetPasswordKeyForm):
    labels = {"password1": "Nouveau mot de passe", "password2": "Nouveau mot de passe, une seconde fois"}


class SetPasswordForm(PlainFieldsMixin, allauth_forms.SetPasswordForm):
    labels = ResetPasswordKeyForm.labels


class ChangePasswordForm(PlainFieldsMixin, allauth_forms.ChangePasswordForm):
    labels = {"oldpassword": "Mot de passe actuel", **ResetPasswordKeyForm.labels}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["oldpassword"].help_text = ""


class ProfileForm(PortalModelForm):
    class Meta:
        model = User
        fields = ["first_name", "last_name", "job_title"]
