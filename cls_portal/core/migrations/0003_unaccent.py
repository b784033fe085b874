from django.contrib.postgres.operations import UnaccentExtension
from django.db import migrations


class Migration(migrations.Migration):
    """Does nothing on SQLite. The extension is trusted: the owner of the database may create it."""

    dependencies = [("core", "0002_cache_table")]

    operations = [UnaccentExtension()]
