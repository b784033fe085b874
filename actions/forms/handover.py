"""Who takes over from somebody who leaves."""

from django import forms

from cls_portal.accounts.models import User
from cls_portal.core.forms import PortalFormMixin


class HandoverForm(PortalFormMixin, forms.Form):
    email = User._meta.get_field("email").formfield(
        label="Adresse de la personne qui succède",
        help_text="Si elle n’a pas encore de compte, il est ouvert et une invitation lui est envoyée.",
    )
    first_name = User._meta.get_field("first_name").formfield(required=True)
    last_name = User._meta.get_field("last_name").formfield(required=True)
    job_title = User._meta.get_field("job_title").formfield()
