from django.conf import settings
from django.urls import path

from cls_portal.core.views import pages, refusals

urlpatterns = [
    path("accessibilite/", pages.information, {"page": "accessibility"}, name="accessibility"),
    path("plan-du-site/", pages.information, {"page": "sitemap"}, name="sitemap"),
    path("mentions-legales/", pages.information, {"page": "legal"}, name="legal"),
    path("donnees-personnelles/", pages.information, {"page": "privacy"}, name="privacy"),
    path("aide/", pages.information, {"page": "help"}, name="help"),
    path("contact/", pages.information, {"page": "contact"}, name="contact"),
    path("courriels/<str:token>/", refusals.mail_refusal, name="mail_refusal"),
    path("mails/", pages.mails, name="mails"),
]

if settings.DEBUG or settings.DEMO:
    urlpatterns.append(path("composants/", pages.components, name="components"))
