"""The indicators of a contract together, and one by one with their measurements."""

from collections.abc import Iterator

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe
from django.views.generic import ListView

from actions.forms.indicators import IndicatorFilterForm, indicators_of
from actions.forms.news import MeasurementForm
from actions.measures import Reading
from actions.models import Indicator
from actions.permissions import can_give_news
from actions.services.indicators import record_measurement
from actions.views.base import action_crumbs
from cls_portal.core.charts import sparkline
from cls_portal.core.dates import today
from cls_portal.core.exports import FORMATS, Sheet, export_response
from cls_portal.core.permissions import require
from cls_portal.core.views import add_service_errors
from contracts.views.base import ContractMixin, get_contract

HEADINGS = [
    *("Axe", "Fiche", "Intitulé de la fiche", "Indicateur", "Nature", "Unité", "Valeur de départ", "Cible"),
    *("Dernière valeur", "Valeur en mots", "À la date du", "Atteinte", "Source"),
]


class IndicatorList(ContractMixin, ListView):
    template_name = "actions/indicators.html"
    paginate_by = 50

    def get_queryset(self):
        self.form = IndicatorFilterForm(self.request.GET, contract=self.contract)
        return self.form.apply(indicators_of(self.request.user, self.contract))

    def paginate_queryset(self, queryset, page_size):
        """A page number that does not exist leads to the nearest page."""
        page = self.get_paginator(queryset, page_size).get_page(self.request.GET.get("page"))
        return page.paginator, page, page.object_list, page.has_other_pages()

    def get_context_data(self, **kwargs) -> dict:
        context = super().get_context_data(form=self.form, filtered=self.form.has_changed(), **kwargs)
        return context | {"readings": [Reading(each) for each in context["object_list"]], "formats": list(FORMATS)}


@require_safe
def export(request: HttpRequest, slug: str) -> HttpResponse:
    """The indicators that the page shows, all pages together."""
    contract = get_contract(request, slug)
    kind = request.GET.get("format", "xlsx")
    if kind not in FORMATS:
        raise Http404("Ce format d’export n’existe pas.")
    found = IndicatorFilterForm(request.GET, contract=contract).apply(indicators_of(request.user, contract))
    name = f"indicateurs-{contract.slug}-{today():%Y-%m-%d}"
    return export_response(kind, name, [Sheet("Indicateurs", HEADINGS, rows(found))])


def rows(indicators) -> Iterator[list]:
    for indicator in indicators:
        reading, action = Reading(indicator), indicator.action
        last = reading.last
        yield [
            *(str(action.axis or ""), action.code, action.title, indicator.title),
            *(indicator.get_kind_display(), indicator.unit, indicator.baseline),
            reading.target if reading.target is not None else indicator.target_text,
            *((last.value, last.text, last.date) if last else (None, "", None)),
            *(reading.attainment, indicator.source),
        ]


def get_indicator(request: HttpRequest, slug: str, pk: int) -> Indicator:
    contract = request.contract = get_contract(request, slug)
    found = Indicator.objects.visible_to(request.user).filter(action__contract=contract)
    found = found.select_related("action__axis").prefetch_related("measurements__recorded_by", "targets")
    indicator = get_object_or_404(found, pk=pk)
    indicator.action.contract = contract
    return indicator


@require_safe
def detail(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    indicator = get_indicator(request, slug, pk)
    return show(request, indicator, MeasurementForm(reading=Reading(indicator)))


@require_POST
def measurement_create(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """A measurement added, or that of the same date corrected."""
    indicator = get_indicator(request, slug, pk)
    require(can_give_news(request.user, indicator.action))
    form = MeasurementForm(request.POST, reading=Reading(indicator))
    if form.is_valid():
        value, text = form.cleaned_data["value"]
        figures = {"on": form.cleaned_data["date"], "value": value, "text": text}
        try:
            record_measurement(indicator=indicator, user=request.user, comment=form.cleaned_data["comment"], **figures)
        except ValidationError as error:
            add_service_errors(form, error)
        else:
            messages.success(request, "Le relevé est enregistré.")
            return redirect("actions:indicator", slug, pk)
    return show(request, indicator, form)


def show(request: HttpRequest, indicator: Indicator, form: MeasurementForm) -> HttpResponse:
    reading = Reading(indicator)
    target = None if reading.target is None else float(reading.target)
    corrections = indicator.measurements.model.history.filter(indicator_id=indicator.pk, history_type="~")
    context = {
        "contract": indicator.action.contract,
        "action": indicator.action,
        "indicator": indicator,
        "reading": reading,
        "line": sparkline([float(each) for each in reading.figures], target, width=640, height=160),
        "measurements": list(reversed(reading.measurements)),
        "corrections": corrections.select_related("history_user").order_by("-history_date", "-history_id")[:20],
        "gives_news": can_give_news(request.user, indicator.action),
        "form": form,
        "crumbs": action_crumbs(indicator.action, "Indicateur"),
    }
    return render(request, "actions/indicator.html", context)
