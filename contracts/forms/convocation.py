"""The forms of a convocation and of a cancellation."""

from django import forms

from cls_portal.core.forms import PortalForm
from contracts.models import Meeting


class CancellationForm(PortalForm):
    message = forms.CharField(
        label="Motif",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Dans le courriel, après l’annonce. Vous pouvez le laisser vide.",
    )


class ConvocationForm(PortalForm):
    message = forms.CharField(
        label="Message",
        required=False,
        max_length=Meeting._meta.get_field("convocation").max_length,
        widget=forms.Textarea,
        help_text=(
            "En tête du courriel et de la lettre, à la place de «\u202fBonjour\u202f» et de «\u202fMadame, "
            "Monsieur\u202f»\u00a0: commencez par votre salutation. Vous pouvez le laisser vide."
        ),
    )
    with_deputies = forms.BooleanField(
        label="Écrire aussi aux suppléantes et suppléants",
        required=False,
        help_text="Chacun reçoit son propre courriel.",
    )
