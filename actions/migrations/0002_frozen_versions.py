"""The database refuses that a frozen version be rewritten, whoever asks: a screen, the admin, a script.

SQLite loses its triggers when a later migration rebuilds the table: such a migration creates this one again.
"""

from django.db import migrations

COLUMNS = "contract_id, number, occasion, frozen_at, content, digest"
REFUSAL = "Une version figée ne se modifie pas."

POSTGRESQL = f"""
CREATE FUNCTION refuse_frozen_version() RETURNS trigger AS $$
BEGIN RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'restrict_violation'; END $$ LANGUAGE plpgsql;
CREATE TRIGGER plan_version_frozen BEFORE UPDATE OF {COLUMNS} ON actions_planversion
FOR EACH ROW EXECUTE FUNCTION refuse_frozen_version();
"""
SQLITE = f"""
CREATE TRIGGER plan_version_frozen BEFORE UPDATE OF {COLUMNS} ON actions_planversion
BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END
"""


def freeze(apps, schema_editor):
    schema_editor.execute(POSTGRESQL if schema_editor.connection.vendor == "postgresql" else SQLITE)


def unfreeze(apps, schema_editor):
    is_postgresql = schema_editor.connection.vendor == "postgresql"
    schema_editor.execute("DROP TRIGGER plan_version_frozen" + (" ON actions_planversion" if is_postgresql else ""))
    if is_postgresql:
        schema_editor.execute("DROP FUNCTION refuse_frozen_version")


class Migration(migrations.Migration):
    dependencies = [("actions", "0001_initial")]
    operations = [migrations.RunPython(freeze, unfreeze)]
