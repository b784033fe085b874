"""The site map: one include per app, French paths."""

from django.contrib import admin
from django.urls import include, path

from actions.views import dashboard

handler403 = "cls_portal.core.views.pages.permission_denied"
handler404 = "cls_portal.core.views.pages.page_not_found"

urlpatterns = [
    path("administration/", admin.site.urls),
    path("compte/", include("cls_portal.accounts.urls")),
    path("", include("cls_portal.core.urls")),
    path("", dashboard.home, name="home"),
    path("", include("contracts.urls")),
    path("", include("actions.urls")),
    path("contrats/<slug:slug>/", dashboard.overview, name="contract"),
]
