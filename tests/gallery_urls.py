"""The site with the gallery of components, which a real site does not serve."""

from django.urls import path

from cls_portal.core.views import pages
from cls_portal.urls import urlpatterns as site

urlpatterns = [path("composants/", pages.components, name="components"), *site]
