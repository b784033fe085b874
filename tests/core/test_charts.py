import pytest

from cls_portal.core.charts import bullet, share, sparkline, stacked_segments


def test_segments_follow_the_order_of_progress_and_fill_the_bar():
    segments = stacked_segments(
        [("abandonnee", "Abandonnée", 1), ("realisee", "Réalisée", 2), ("en_cours", "En cours", 1)]
    )

    assert [(part.code, part.x, part.width) for part in segments] == [
        ("realisee", 0, 50),
        ("en_cours", 50, 25),
        ("abandonnee", 75, 25),
    ]


def test_segments_without_fiche_take_no_place():
    assert [part.code for part in stacked_segments([("realisee", "Réalisée", 0), ("en_cours", "En cours", 3)])] == [
        "en_cours"
    ]


def test_segments_of_an_empty_plan_are_none():
    assert stacked_segments([("realisee", "Réalisée", 0)]) == []


def test_segments_of_thirds_leave_neither_gap_nor_overflow():
    segments = stacked_segments([("realisee", "", 1), ("en_cours", "", 1), ("reportee", "", 1)])

    ends = [round(part.x + part.width, 2) for part in segments]
    assert ends[:-1] == [part.x for part in segments[1:]]
    assert ends[-1] == 100


def test_segments_of_an_unknown_status_raise():
    with pytest.raises(ValueError, match="terminee"):
        stacked_segments([("terminee", "Terminée", 2)])


def test_segment_keeps_its_link():
    assert stacked_segments([("realisee", "Réalisée", 2, "?statut=realisee")])[0].url == "?statut=realisee"


@pytest.mark.parametrize(("value", "total", "expected"), [(21, 31, 67.7), (3, 0, 0), (5, 4, 100), (-1, 4, 0)])
def test_share_stays_within_the_whole(value, total, expected):
    assert share(value, total) == expected


def test_sparkline_needs_two_values():
    assert sparkline([4]) is None
    assert sparkline([]) is None


def test_sparkline_rises_to_the_right():
    line = sparkline([0, 10], width=96, height=24)

    assert line.points == "3.0,21.0 93.0,3.0"
    assert line.last == (93, 3)
    assert line.target_y is None


def test_sparkline_scale_holds_the_target():
    line = sparkline([0, 5], target=10)

    assert line.target_y == 3
    assert line.last[1] == 12


def test_flat_sparkline_stands_in_the_middle():
    assert sparkline([7, 7, 7]).last[1] == 12


def test_bullet_leaves_room_beyond_the_target():
    drawn = bullet(9, target=14, start=0, width=112)

    assert (drawn.value, drawn.target, drawn.start) == (63, 98, 0)


def test_bullet_without_target_draws_no_stroke():
    assert bullet(9).target is None


@pytest.mark.parametrize("value", [0, -3])
def test_bullet_of_nothing_is_empty(value):
    assert bullet(value, target=None).value == 0
