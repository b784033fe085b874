"""Accounts, as far as an administrator opens, closes or promotes them; people are invited from a contract."""

from allauth.account.decorators import secure_admin_login
from allauth.account.models import EmailAddress
from django.contrib import admin
from django.contrib.auth.models import Group

from cls_portal.accounts.models import User

# The admin's own sign-in page knows no lock-out.
admin.site.login = secure_admin_login(admin.site.login)
admin.site.site_header = admin.site.site_title = "Portail CLS\u00a0: données de référence"
admin.site.index_title = "Données de référence"
admin.site.unregister([EmailAddress, Group])


@admin.register(User)
class UserAdmin(admin.ModelAdmin):
    """A person who leaves is made inactive, never deleted: their name stays on what they wrote."""

    fields = ["email", "first_name", "last_name", "job_title", "is_active", "is_superuser", "is_staff", "last_login"]
    readonly_fields = ["last_login"]
    list_display = ["email", "first_name", "last_name", "is_active", "is_superuser", "last_login"]
    list_filter = ["is_active", "is_superuser"]
    search_fields = ["email", "first_name", "last_name"]

    def get_readonly_fields(self, request, obj=None):
        """Whoever holds another mailbox is another account: the former one would keep its rights in the history."""
        return [*self.readonly_fields, "email"] if obj else self.readonly_fields

    def save_model(self, request, obj, form, change):
        if not change:
            obj.set_unusable_password()
        super().save_model(request, obj, form, change)

    def has_delete_permission(self, request, obj=None):
        return False
