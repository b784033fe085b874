"""Writing the figures: a measurement per indicator and date, corrected in place with its history kept."""

from datetime import date
from decimal import Decimal

from django.db import transaction

from actions.models import Indicator, Measurement
from cls_portal.core.history import save_as


@transaction.atomic
def record_measurement(
    *,
    indicator: Indicator,
    user,
    on: date,
    value: Decimal | None = None,
    text: str = "",
    comment: str = "",
    reason: str = "",
    corrected: Measurement | None = None,
) -> Measurement:
    """The value of `indicator` on that date; a second one for the same date corrects the first. ValidationError.

    `corrected` names the measurement to correct, where its date itself was wrong.
    """
    Indicator.objects.select_for_update(of=("self",)).get(pk=indicator.pk)
    measurement = corrected or indicator.measurements.filter(date=on).first()
    reason = reason or ("Correction d’un relevé" if measurement else "")
    measurement = measurement or Measurement(indicator=indicator, date=on)
    written = (measurement.date, measurement.value, measurement.text, measurement.comment)
    if measurement.pk and written == (on, value, text, comment):
        return measurement
    measurement.date, measurement.value, measurement.text, measurement.comment = on, value, text, comment
    measurement.recorded_by = user
    return save_as(measurement, user=user, reason=reason)
