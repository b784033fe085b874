"""How fast the portal is, told as ratios: `make bench`. Not collected by pytest; each `bench_<name>.py` has a `run()`.

A duration means something only beside another one taken at the same moment on the same machine, so a benchmark
compares two ways of doing the same thing, alternated in one run. `run()` returns the lines of the table:

    def run() -> list[Line]:
        with data():
            return [compare("plan de 56 fiches", ours, "liste de l’admin", theirs, at_most=0.5)]
"""
