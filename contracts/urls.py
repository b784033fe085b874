from django.urls import path

from contracts.views import (
    agenda,
    amendments,
    axes,
    bodies,
    cancellation,
    contract,
    convocation,
    documents,
    jobs,
    members,
    organisations,
    perimeter,
    renewal,
    signatories,
    terms,
    trash,
)

app_name = "contracts"

SETTINGS = "contrats/<slug:slug>/parametres/"
DOCUMENTS = "contrats/<slug:slug>/documents/"
BODIES = "contrats/<slug:slug>/gouvernance/instances/"
SEATS = f"{BODIES}<int:body_pk>/membres/"


def part(folder: str, name: str, module, key: str = "<int:pk>", below: str = "") -> list:
    """The pages of a part that is created, changed and deleted: /ajouter/, /12/, /12/supprimer/."""
    prefix = f"{SETTINGS}{folder}/"
    title = "".join(word.capitalize() for word in name.split("_"))
    return [
        path(f"{prefix}{below}ajouter/", getattr(module, f"{title}Create").as_view(), name=f"{name}_create"),
        path(f"{prefix}{key}/", getattr(module, f"{title}Edit").as_view(), name=f"{name}_edit"),
        path(f"{prefix}{key}/supprimer/", getattr(module, f"{title}Delete").as_view(), name=f"{name}_delete"),
    ]


MEETING = "contrats/<slug:slug>/gouvernance/reunions/<int:pk>/"

urlpatterns = [
    path("contrats/nouveau/", contract.ContractCreate.as_view(), name="create"),
    path("contrats/suppressions/", trash.DeletedContractList.as_view(), name="deleted"),
    path("contrats/suppressions/<uuid:public_id>/", trash.restore_contract, name="restore_contract"),
    path(SETTINGS, contract.settings, name="settings"),
    path(f"{SETTINGS}presentation/", contract.ContractEdit.as_view(), name="edit"),
    path(f"{SETTINGS}supprimer/", contract.ContractDelete.as_view(), name="delete"),
    path(f"{SETTINGS}renouvellement/", renewal.ContractRenew.as_view(), name="renew"),
    path(f"{SETTINGS}signataires/", signatories.SignatoryList.as_view(), name="signatories"),
    *part("signataires", "signatory", signatories),
    path(f"{SETTINGS}signataires/<int:pk>/deplacer/", signatories.signatory_move, name="signatory_move"),
    path(f"{SETTINGS}avenants/", amendments.AmendmentList.as_view(), name="amendments"),
    *part("avenants", "amendment", amendments),
    path(f"{SETTINGS}axes/", axes.AxisList.as_view(), name="axes"),
    *part("axes", "axis", axes),
    path(f"{SETTINGS}axes/<int:pk>/deplacer/", axes.axis_move, name="axis_move"),
    *part("objectifs", "objective", axes, below="axe/<int:axis_pk>/"),
    path(f"{SETTINGS}objectifs/<int:pk>/deplacer/", axes.objective_move, name="objective_move"),
    path(f"{SETTINGS}perimetre/", perimeter.PerimeterList.as_view(), name="perimeter"),
    path(f"{SETTINGS}perimetre/ajouter/", perimeter.perimeter_add, name="perimeter_add"),
    path(f"{SETTINGS}perimetre/<int:pk>/", perimeter.PerimeterEdit.as_view(), name="perimeter_edit"),
    path(f"{SETTINGS}perimetre/<int:pk>/supprimer/", perimeter.PerimeterDelete.as_view(), name="perimeter_delete"),
    path(f"{SETTINGS}structures/", organisations.OrganisationList.as_view(), name="organisations"),
    *part("structures", "organisation", organisations),
    *part("contacts", "contact", organisations, below="structure/<int:organisation_pk>/"),
    path(f"{SETTINGS}listes/", terms.TermList.as_view(), name="terms"),
    *part("listes", "term", terms, below="<slug:kind>/"),
    path(f"{SETTINGS}suppressions/", trash.DeletionList.as_view(), name="deletions"),
    path(f"{SETTINGS}suppressions/<uuid:public_id>/retablir/", trash.restore, name="restore"),
    path(f"{SETTINGS}journal/", trash.journal, name="journal"),
    path(f"{BODIES}creer/", bodies.BodyCreate.as_view(), name="body_create"),
    path(f"{BODIES}<int:pk>/", bodies.BodyDetail.as_view(), name="body"),
    path(f"{BODIES}<int:pk>/modifier/", bodies.BodyEdit.as_view(), name="body_edit"),
    path(f"{BODIES}<int:pk>/supprimer/", bodies.BodyDelete.as_view(), name="body_delete"),
    path(f"{BODIES}<int:pk>/deplacer/", bodies.body_move, name="body_move"),
    path(f"{SEATS}structure/", bodies.OrganisationSeatCreate.as_view(), name="seat_create"),
    path(f"{SEATS}personne/", bodies.PersonSeatCreate.as_view(), name="seat_create_person"),
    path(f"{SEATS}<int:pk>/", bodies.SeatEdit.as_view(), name="seat_edit"),
    path(f"{SEATS}<int:pk>/fin/", bodies.SeatEnd.as_view(), name="seat_end"),
    path(f"{SEATS}<int:pk>/supprimer/", bodies.SeatDelete.as_view(), name="seat_delete"),
    path(DOCUMENTS, documents.DocumentList.as_view(), name="documents"),
    path(f"{DOCUMENTS}deposer/", documents.DocumentCreate.as_view(), name="document_create"),
    path(f"{DOCUMENTS}<uuid:public_id>/", documents.document, name="document"),
    path(f"{DOCUMENTS}<uuid:public_id>/modifier/", documents.DocumentEdit.as_view(), name="document_edit"),
    path(f"{DOCUMENTS}<uuid:public_id>/supprimer/", documents.DocumentDelete.as_view(), name="document_delete"),
    path(f"{MEETING}convocation/", convocation.convocation, name="convocation"),
    path(f"{MEETING}annulation/", cancellation.cancellation, name="meeting_cancel"),
    path(f"{MEETING}reunion.ics", agenda.meeting_file, name="meeting_file"),
    path("compte/agenda/", agenda.agenda, name="agenda"),
    path("agenda/<str:token>.ics", agenda.feed, name="feed"),
    path("contrats/<slug:slug>/personnes/", members.MemberList.as_view(), name="members"),
    path("contrats/<slug:slug>/personnes/inviter/", members.MemberInvite.as_view(), name="member_invite"),
    path("contrats/<slug:slug>/personnes/<int:pk>/", members.MemberUpdate.as_view(), name="member_update"),
    path("contrats/<slug:slug>/personnes/<int:pk>/relance/", members.member_remind, name="member_remind"),
    path("contrats/<slug:slug>/personnes/<int:pk>/reactivation/", members.member_reactivate, name="member_reactivate"),
    path("contrats/<slug:slug>/personnes/<int:pk>/retrait/", members.member_withdraw, name="member_withdraw"),
    path("contrats/<slug:slug>/documents/productions/<uuid:public_id>/", jobs.document_job, name="document_job"),
]
