from django.apps import AppConfig


class ActionsConfig(AppConfig):
    name = "actions"
    verbose_name = "plan d’actions"

    def ready(self) -> None:
        import actions.documents  # registers what the worker makes, the models known  # noqa: F401
