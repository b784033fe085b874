from django.urls import path

from actions.views import (
    bulk,
    calendar,
    deeds,
    documents,
    edit,
    export,
    fiche,
    history,
    importing,
    indicators,
    meetings,
    news,
    plan,
    status,
)

app_name = "actions"

MEETINGS = "contrats/<slug:slug>/gouvernance/reunions/"
MEETING = f"{MEETINGS}<int:pk>/"

urlpatterns = [
    path("contrats/<slug:slug>/plan/", plan.plan, name="plan"),
    path("contrats/<slug:slug>/plan/calendrier/", calendar.calendar, name="calendar"),
    path("contrats/<slug:slug>/plan/export/", export.export, name="export"),
    path("contrats/<slug:slug>/plan/lot/", bulk.bulk, name="bulk"),
    path("contrats/<slug:slug>/fiches/<int:pk>/statut/", status.change, name="status"),
    path("contrats/<slug:slug>/plan/import/", importing.upload, name="import"),
    path("contrats/<slug:slug>/plan/import/<uuid:public_id>/feuilles/", importing.sheets, name="import_sheet"),
    path("contrats/<slug:slug>/plan/import/<uuid:public_id>/colonnes/", importing.columns, name="import_columns"),
    path("contrats/<slug:slug>/plan/import/<uuid:public_id>/apercu/", importing.preview, name="import_preview"),
    path("contrats/<slug:slug>/plan/import/<uuid:public_id>/reprise/", importing.confirm, name="import_confirm"),
    path("contrats/<slug:slug>/plan/import/<uuid:public_id>/problemes/", importing.problems, name="import_problems"),
    path("contrats/<slug:slug>/fiches/<int:pk>/", fiche.ActionDetail.as_view(), name="detail"),
    path("contrats/<slug:slug>/fiches/<int:pk>/modifier/<slug:section>/", edit.edit, name="edit"),
    path("contrats/<slug:slug>/fiches/nouvelle/", deeds.create, name="create"),
    path("contrats/<slug:slug>/fiches/<int:pk>/supprimer/", deeds.delete, name="delete"),
    path("contrats/<slug:slug>/fiches/<int:pk>/archiver/", deeds.archive, name="archive"),
    path("contrats/<slug:slug>/fiches/<int:pk>/redaction/", deeds.drafting, name="drafting"),
    path("contrats/<slug:slug>/fiches/<int:pk>/deplacer/", deeds.move, name="move"),
    path("contrats/<slug:slug>/fiches/<int:pk>/nouvelles/", news.follow_up_create, name="follow_up_create"),
    path("contrats/<slug:slug>/fiches/<int:pk>/historique/", history.history, name="history"),
    path("contrats/<slug:slug>/indicateurs/", indicators.IndicatorList.as_view(), name="indicators"),
    path("contrats/<slug:slug>/indicateurs/export/", indicators.export, name="indicators_export"),
    path("contrats/<slug:slug>/indicateurs/<int:pk>/", indicators.detail, name="indicator"),
    path(
        "contrats/<slug:slug>/indicateurs/<int:pk>/releves/", indicators.measurement_create, name="measurement_create"
    ),
    path("contrats/<slug:slug>/fiches/<int:pk>/pdf/", documents.action_pdf, name="pdf"),
    path("contrats/<slug:slug>/plan/pdf/", documents.plan_document, name="plan_pdf"),
    path(
        "contrats/<slug:slug>/documents/productions/<uuid:public_id>/relance/",
        documents.document_restart,
        name="document_restart",
    ),
    path(f"{MEETINGS}nouvelle/", meetings.MeetingCreate.as_view(), name="meeting_create"),
    path(MEETING, meetings.MeetingDetail.as_view(), name="meeting"),
    path(f"{MEETING}modifier/", meetings.MeetingEdit.as_view(), name="meeting_edit"),
    path(f"{MEETING}supprimer/", meetings.MeetingDelete.as_view(), name="meeting_delete"),
    path(f"{MEETING}etat/", meetings.meeting_state, name="meeting_state"),
    path(f"{MEETING}compte-rendu/", meetings.MinutesEdit.as_view(), name="minutes"),
    path(f"{MEETING}validation/", meetings.MeetingValidate.as_view(), name="meeting_validate"),
]
