"""The filters of the indicators, all in the address."""

from django import forms
from django.db.models import F, OuterRef, Q, QuerySet, Subquery

from actions.enums import DraftingState, IndicatorKind
from actions.models import Indicator, Measurement
from cls_portal.core.forms import PortalForm
from contracts.models import Contract

WITHOUT = [("", "Tous"), ("sans", "Sans relevé"), ("avec", "Avec relevé"), ("sans_cible", "Sans cible")]


def indicators_of(user, contract: Contract) -> QuerySet:
    """Those without any measurement first, then by the age of the last one; archived fiches left out."""
    measured = Measurement.objects.filter(indicator=OuterRef("pk")).order_by("-date")
    return (
        Indicator.objects.visible_to(user)
        .filter(action__contract=contract)
        .exclude(action__drafting_state=DraftingState.ARCHIVED)
        .annotate(last_on=Subquery(measured.values("date")[:1]))
        .select_related("action__axis")
        .prefetch_related("measurements", "targets")
        .order_by(
            F("last_on").asc(nulls_first=True),
            F("action__axis__position").asc(nulls_last=True),
            F("action__axis").asc(nulls_last=True),
            "action__position",
            "action",
            "position",
            "pk",
        )
    )


class IndicatorFilterForm(PortalForm):
    q = forms.CharField(label="Indicateur ou fiche", required=False, max_length=200)
    axe = forms.ChoiceField(label="Axe", required=False)
    nature = forms.ChoiceField(label="Nature", required=False, choices=[("", "Toutes"), *IndicatorKind.choices])
    releves = forms.ChoiceField(label="Relevés", required=False, choices=WITHOUT)

    def __init__(self, data, *, contract: Contract):
        super().__init__(data)
        axes = [(str(axis.pk), str(axis)) for axis in contract.axes.all()]
        self.fields["axe"].label = contract.axis_label.capitalize()
        self.fields["axe"].choices = [("", "Tous"), *axes, ("aucun", contract.without_axis)]

    def apply(self, indicators: QuerySet) -> QuerySet:
        """A value that cannot be understood filters nothing; the form says which."""
        self.is_valid()
        wanted = self.cleaned_data
        if text := wanted.get("q"):
            indicators = indicators.filter(
                Q(title__contains_folded=text)
                | Q(action__title__contains_folded=text)
                | Q(action__code__contains_folded=text)
            )
        if axis := wanted.get("axe"):
            indicators = indicators.filter(action__axis=None if axis == "aucun" else int(axis))
        if kind := wanted.get("nature"):
            indicators = indicators.filter(kind=kind)
        return self.by_news(indicators, wanted.get("releves"))

    @staticmethod
    def by_news(indicators: QuerySet, wanted: str | None) -> QuerySet:
        if wanted == "sans_cible":
            return indicators.filter(target=None, target_text="", targets=None)
        return indicators.filter(last_on__isnull=wanted == "sans") if wanted else indicators
