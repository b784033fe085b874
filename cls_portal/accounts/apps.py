from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "cls_portal.accounts"
    verbose_name = "comptes"
