from django.apps import AppConfig
from django.db.backends.signals import connection_created


class CoreConfig(AppConfig):
    name = "cls_portal.core"
    verbose_name = "socle"

    def ready(self) -> None:
        from cls_portal.core.dates import register_months_before  # like the following, of the models' machinery
        from cls_portal.core.search import register_fold  # its lookups need the models' machinery to be loaded

        connection_created.connect(register_fold, dispatch_uid="cls_fold")
        connection_created.connect(register_months_before, dispatch_uid="cls_months_before")
