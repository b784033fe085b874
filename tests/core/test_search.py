import pytest

from cls_portal.core.search import fold
from contracts.models import Organisation
from tests.factories import make_organisation

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("text", "folded"),
    [("École d’ÉTÉ", "ecole d'ete"), ("CŒUR", "coeur"), ("Noël\u00a0!", "noel !"), (None, ""), ("", "")],
)
def test_fold_keeps_what_spellings_share(text, folded):
    assert fold(text) == folded


@pytest.mark.parametrize("term", ["ecole", "ÉCOLE", "d'hérault", "COEUR", "100 %", "l’école"])
def test_search_ignores_accents_case_and_apostrophes(term):
    make_organisation(name="L'École du Cœur d’Hérault à 100 %")

    assert Organisation.objects.filter(name__contains_folded=term).count() == 1


@pytest.mark.parametrize("term", ["%", "_", "ecoles", "\\"])
def test_search_takes_pattern_characters_as_they_are(term):
    make_organisation(name="École")

    assert not Organisation.objects.filter(name__contains_folded=term).exists()
