"""Measuring: durations that alternate, so that a slow moment of the machine weighs on both, and peak memory."""

import gc
import multiprocessing
import resource
import statistics
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter


@dataclass
class Line:
    """One line of the table; `figure` is what is measured, or None when it could not be, `bound` what it may reach."""

    what: str
    against: str
    figure: float | None
    bound: float | None
    detail: str
    unit: str = ""

    @property
    def kept(self) -> bool:
        return None in (self.bound, self.figure) or self.figure <= self.bound


def duration(call: Callable) -> float:
    start = perf_counter()
    call()
    return perf_counter() - start


def measure(call: Callable, repeat: int = 15) -> float:
    """The median duration in seconds, after one call for nothing."""
    call()
    return statistics.median(duration(call) for _ in range(repeat))


@contextmanager
def without_collector() -> Iterator[None]:
    """The garbage collector would stop one side more often than the other."""
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def alternate(ours: Callable, theirs: Callable, repeat: int = 15) -> tuple[float, float]:
    """The medians of both, measured turn by turn."""
    ours(), theirs()
    taken: tuple[list[float], list[float]] = ([], [])
    with without_collector():
        for _ in range(repeat):
            taken[0].append(duration(ours))
            taken[1].append(duration(theirs))
    return statistics.median(taken[0]), statistics.median(taken[1])


def compare(
    what: str, ours: Callable, against: str, theirs: Callable, *, at_most: float | None = None, repeat: int = 15
) -> Line:
    """The ratio of the medians: 0.5 says that ours takes half the time."""
    mine, other = alternate(ours, theirs, repeat)
    return Line(what, against, mine / other, at_most, f"{shown(mine)} contre {shown(other)}")


def peak_memory(what: str, call: Callable, *, at_most: float | None = None, detail: str = "") -> Line:
    """The most memory, in MB, that a fresh process holds while it does `call`, a function of a module."""
    figure = in_fresh_process(_peak_after, call)
    return Line(what, "", figure, at_most, detail or "mémoire maximale d’un processus neuf", "Mo")


def in_fresh_process(function: Callable, *arguments):
    context = multiprocessing.get_context("spawn")
    with context.Pool(1, initializer=set_up_django) as pool:
        return pool.apply(function, arguments)


def _peak_after(call: Callable) -> float:
    call()
    return peak_of_this_process()


def peak_of_this_process() -> float:
    """On Linux `getrusage` would also count the memory of the process that started this one."""
    status = Path("/proc/self/status")
    if status.exists():
        kilobytes = next(line.split()[1] for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return int(kilobytes) * 1024 / 1e6
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6


def set_up_django() -> None:
    import django  # a fresh process has not started it

    django.setup()


def shown(seconds: float) -> str:
    return f"{seconds * 1000:.1f} ms".replace(".", ",") if seconds < 1 else f"{seconds:.2f} s".replace(".", ",")
