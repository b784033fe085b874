"""« Mon compte »; the other pages of the account are django-allauth's."""

from django.contrib.messages.views import SuccessMessageMixin
from django.urls import reverse_lazy
from django.views.generic import UpdateView

from cls_portal.accounts.forms import ProfileForm
from cls_portal.accounts.models import User


class ProfileUpdate(SuccessMessageMixin, UpdateView):
    """One's own account and no other: the address names nobody."""

    model = User
    context_object_name = "account"  # « user » is the person signed in, whatever they are typing
    form_class = ProfileForm
    template_name = "account/profile.html"
    success_url = reverse_lazy("account_profile")
    success_message = "Votre compte est à jour."

    def get_object(self, queryset=None) -> User:
        return User.objects.get(pk=self.request.user.pk)
