"""The communes of a contract."""

from django.contrib import messages
from django.db.models import Sum
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from cls_portal.core.french import count_noun
from cls_portal.core.views import DeleteBase, ListBase, UpdateBase
from contracts.forms.contract import CommuneListForm, PerimeterCommuneForm
from contracts.models import PerimeterCommune
from contracts.services import PerimeterReport, add_communes, update_perimeter_commune
from contracts.views.base import EditFormMixin, EditMixin, SettingsMixin, editable

SECTION = ("Périmètre", "perimeter")


class PerimeterList(SettingsMixin, ListBase):
    model = PerimeterCommune
    template_name = "contracts/perimeter.html"
    title = "Périmètre"
    paginate_by = 100

    def get_queryset(self):
        return super().get_queryset().select_related("commune__department")

    def get_context_data(self, **kwargs) -> dict:
        present = self.get_queryset().present()
        return super().get_context_data(population=present.aggregate(sum=Sum("commune__population"))["sum"], **kwargs)


@require_http_methods(["GET", "HEAD", "POST"])
def perimeter_add(request, slug: str):
    """What is not understood stays in the form with its reason; the rest is added."""
    contract = editable(request, slug)
    form = CommuneListForm(request.POST or None)
    report = None
    if form.is_valid():
        report = add_communes(contract=contract, user=request.user, **form.cleaned_data)
        messages.success(request, summary_of(report))
        if not report.left_over:
            return redirect("contracts:perimeter", slug=contract.slug)
        initial = {"text": "\n".join(report.left_over), "joined_on": form.cleaned_data["joined_on"]}
        form = CommuneListForm(initial=initial)
    context = {"contract": contract, "form": form, "report": report, "section": SECTION}
    return render(request, "contracts/perimeter_add.html", context)


def summary_of(report: PerimeterReport) -> str:
    parts = [f"{count_noun(len(report.added), 'commune ajoutée')}"]
    if report.already:
        parts.append(f"{count_noun(len(report.already), 'commune')} déjà dans le périmètre")
    if report.left_over:
        parts.append(f"{count_noun(len(report.left_over), 'ligne')} à revoir ci-dessous")
    return f"Périmètre\u00a0: {', '.join(parts)}."


class PerimeterEdit(EditFormMixin, UpdateBase):
    model = PerimeterCommune
    form_class = PerimeterCommuneForm
    section = SECTION
    success_message = "Les dates de la commune sont enregistrées."

    def get_title(self) -> str:
        return f"Dates dans le périmètre\u00a0: {self.object}"

    def save(self, form) -> PerimeterCommune:
        return update_perimeter_commune(link=form.instance, user=self.request.user)


class PerimeterDelete(EditMixin, DeleteBase):
    model = PerimeterCommune
    section = SECTION
