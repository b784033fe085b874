"""How long a delay or a silence lasts, in words."""

import pytest

from actions.wording import since_words


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (1, "1\u00a0jour"),
        (21, "3\u00a0semaines"),
        (182, "5\u00a0mois"),
        (366, "12\u00a0mois"),
        (731, "2\u00a0ans"),
        (4344, "11\u00a0ans"),
    ],
)
def test_a_delay_is_said_in_the_unit_that_suits_it(days, words):
    assert since_words(days) == words
