"""Reference data, and the roles that no contract can give: on a territory, a département, a région, or all."""

from django import forms
from django.contrib import admin

from contracts.enums import Role
from contracts.models import Commune, Department, Membership, ReferenceTerm, Region


class WithoutContractForm(forms.ModelForm):
    """Django leaves out the constraints that name a field absent from the form: the database would refuse by a 500."""

    def _get_validation_exclusions(self) -> set[str]:
        return super()._get_validation_exclusions() - {"contract"}


@admin.register(Region)
class RegionAdmin(admin.ModelAdmin):
    list_display = ["code", "name"]
    search_fields = ["code", "name"]


@admin.register(Department)
class DepartmentAdmin(admin.ModelAdmin):
    list_display = ["code", "name", "region", "population", "population_year"]
    list_filter = ["region"]
    list_select_related = ["region"]
    search_fields = ["code", "name"]


@admin.register(Commune)
class CommuneAdmin(admin.ModelAdmin):
    list_display = ["code", "name", "department", "population", "population_year"]
    list_filter = ["department"]
    list_select_related = ["department"]
    search_fields = ["code", "name"]


@admin.register(ReferenceTerm)
class ReferenceTermAdmin(admin.ModelAdmin):
    """The terms common to all; a contract extends them from its own pages."""

    form = WithoutContractForm
    fields = ["kind", "label", "position"]
    list_display = ["label", "kind", "position"]
    list_filter = ["kind"]
    search_fields = ["label"]

    def get_queryset(self, request):
        return super().get_queryset(request).filter(contract=None)


class WideMembershipForm(WithoutContractForm):
    role = forms.ChoiceField(
        label="rôle",
        choices=[(role.value, role.label) for role in (Role.ARS_REFERENT, Role.COORDINATOR, Role.NATIONAL_READER)],
        help_text="La lecture nationale porte sur tous les contrats\u00a0: laissez les trois listes vides.",
    )

    class Meta:
        model = Membership
        fields = ["user", "role", "territory", "department", "region"]


@admin.register(Membership)
class MembershipAdmin(admin.ModelAdmin):
    form = WideMembershipForm
    raw_id_fields = ["user"]
    list_display = ["user", "role", "territory", "department", "region"]
    list_filter = ["role"]
    list_select_related = ["user", "territory", "department", "region"]
    search_fields = ["user__email", "user__last_name"]

    def get_queryset(self, request):
        return super().get_queryset(request).filter(contract=None)
