"""`python -m tests.bench [name…]`: run the benchmarks in a test database, and write the table when all of them ran."""

import os
import sys
from importlib import import_module
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")

HERE = Path(__file__).parent


def main(names: list[str]) -> int:
    from tests.bench.measure import set_up_django  # the settings are chosen above

    set_up_django()
    from django.conf import settings  # once Django is set up
    from django.db import connection  # idem
    from django.test.utils import setup_test_environment, teardown_test_environment  # idem

    from tests.bench import report  # it reads the settings

    setup_test_environment(debug=False)
    old_name = connection.creation.create_test_db(verbosity=0)
    try:
        lines = run(names or sorted(path.stem.removeprefix("bench_") for path in HERE.glob("bench_*.py")))
    finally:
        connection.creation.destroy_test_db(old_name, verbosity=0)
        teardown_test_environment()
    print(report.table(lines))  # noqa: T201
    if lines and not names:
        report.write(settings.BASE_DIR / "docs" / "benchmarks.md", "make bench", lines)
    return int(not all(line.kept for line in lines))


def run(names: list[str]) -> list:
    lines = []
    for name in names:
        print(f"… {name}", file=sys.stderr)  # noqa: T201
        lines += import_module(f"tests.bench.bench_{name}").run()
    return lines


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
