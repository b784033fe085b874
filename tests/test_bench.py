"""The measuring tools tell slow from fast, and a missed aim is written as such."""

from time import sleep

from tests.bench.measure import Line, compare, peak_memory
from tests.bench.report import table


def allocate_fifty_megabytes():
    return len(b"x" * 50_000_000)


def allocate_nothing():
    return 0


def test_ratio_is_ours_over_theirs():
    line = compare("long", lambda: sleep(0.1), "court", lambda: sleep(0.01), at_most=1, repeat=3)

    assert 2 < line.figure < 11
    assert not line.kept


def test_memory_is_the_peak_of_a_fresh_process():
    empty, full = peak_memory("vide", allocate_nothing), peak_memory("50 Mo", allocate_fifty_megabytes, at_most=1)

    assert 45 < full.figure - empty.figure < 70
    assert not full.kept


def test_table_says_which_aim_is_missed():
    text = table([Line("plan", "admin", 0.36, 0.5, "3 ms"), Line("fiche", "admin", 0.6, 0.4, "5 ms")])

    assert "| plan | admin | 0,36  | ≤ 0,50 |  | 3 ms |" in text
    assert "| fiche | admin | 0,60  | ≤ 0,40 | non | 5 ms |" in text
