"""The pages of django-allauth that the portal uses, at French addresses. No sign-up: people are invited."""

from allauth.account import views as allauth_views
from django.urls import path, re_path

from cls_portal.accounts import views

urlpatterns = [
    path("", views.ProfileUpdate.as_view(), name="account_profile"),
    path("connexion/", allauth_views.login, name="account_login"),
    path("connexion/code/", allauth_views.request_login_code, name="account_request_login_code"),
    path("connexion/code/saisie/", allauth_views.confirm_login_code, name="account_confirm_login_code"),
    path("deconnexion/", allauth_views.logout, name="account_logout"),
    path("desactive/", allauth_views.account_inactive, name="account_inactive"),
    path("mot-de-passe/", allauth_views.password_change, name="account_change_password"),
    path("mot-de-passe/choix/", allauth_views.password_set, name="account_set_password"),
    path("mot-de-passe/oublie/", allauth_views.password_reset, name="account_reset_password"),
    path("mot-de-passe/oublie/envoi/", allauth_views.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^mot-de-passe/nouveau/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        allauth_views.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "mot-de-passe/nouveau/",
        allauth_views.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
]
