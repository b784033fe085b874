"""Search without accents nor case, the same on SQLite and on PostgreSQL: `title__contains_folded="ecole"`.

PostgreSQL folds with its `unaccent` extension, SQLite with `fold`, registered on each connection.
"""

import unicodedata

from django.db.models import CharField, Lookup, TextField

LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "’": "'", "‘": "'", "\u00a0": " ", "\u202f": " "})


def fold(text: str | None) -> str:
    """Lower case, no accent, plain apostrophes and spaces: what two spellings of one word have in common."""
    decomposed = unicodedata.normalize("NFKD", (text or "").lower().translate(LIGATURES))
    return "".join(character for character in decomposed if not unicodedata.combining(character))


def register_fold(connection, **kwargs) -> None:
    if connection.vendor == "sqlite":
        connection.connection.create_function("cls_fold", 1, fold, deterministic=True)


@CharField.register_lookup
@TextField.register_lookup
class ContainsFolded(Lookup):
    """Compares positions rather than patterns: « % » and « _ » are searched as they are typed."""

    lookup_name = "contains_folded"
    prepare_rhs = True

    def get_prep_lookup(self) -> str:
        return fold(str(self.rhs))

    def as_sql(self, compiler, connection):
        column, column_params = self.process_lhs(compiler, connection)
        term, term_params = self.process_rhs(compiler, connection)
        return f"instr(cls_fold({column}), {term}) > 0", [*column_params, *term_params]

    def as_postgresql(self, compiler, connection):
        column, column_params = self.process_lhs(compiler, connection)
        term, term_params = self.process_rhs(compiler, connection)
        return f"strpos(lower(unaccent({column})), unaccent({term})) > 0", [*column_params, *term_params]
