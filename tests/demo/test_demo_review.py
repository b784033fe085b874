"""The review told by the demonstration."""

import pytest

from actions.models import Review, ReviewComment
from actions.versions.reading import frozen

pytestmark = pytest.mark.usefixtures("demo")


def test_a_review_came_back_with_remarks_and_is_under_way_again():
    second, first = Review.objects.filter(contract__territory__name="Chartres métropole")
    assert (first.opinion, first.decided_by.email, second.previous) == (
        "a_retravailler",
        "ars.eure-et-loir@exemple.fr",
        first,
    )
    assert second.is_under_way
    answers = list(ReviewComment.objects.filter(part__review=first).values_list("answer", flat=True))
    assert sorted(answers) == ["", "", "corrige", "corrige", "corrige", "ecarte"]
    assert first.requests.get().is_joined
    assert all(frozen(each.version).is_intact for each in (first, second))
