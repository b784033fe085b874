"""Who may open what: every URL of the site × every role × own and other contract × GET and POST.

    row("actions:detail", "200 200 200 200 200", pk="action")

The five codes are those of administrator, coordinator, ARS referent, pilot, reader, on a contract where they hold
that role; one code stands for all. The national reader reads every contract as a reader does, unless a sixth code says
otherwise. On another contract everyone but this reader and the administrator gets 404 unless `other` says otherwise;
the anonymous visitor is sent to the sign-in page unless `anonymous` does (one code, or GET's then POST's): 403 gives
back to its writer what a form holds. `get` comes first, `post` is named; a method that is not given must answer 405.
`data` is what the POST sends: a dict, or a function of the scene. Keywords such as `pk="action"` say which object of
`tests/access.py` an argument of the address names; `slug` is the contract's; `key="=abc"` is a text. `page()` is a URL
that belongs to no contract.
"""

import re

import pytest

from tests.access import EVERYWHERE, ROLES, Scene, named_patterns, page, row, walk
from tests.factories import make_organisation
from tests.people import signed_in

# What the coordination alone may open, and do.
EDITS, DEEDS = "200 200 403 403 403", "302 302 403 403 403"
# What the ARS alone does: the administration does not stand in for it.
ARS_ONLY = "403 403 302 403 403"
REMARK = {"champ": "context", "kind": "corriger", "text": "À préciser."}
# A workbook sent by somebody else does not show, even to the coordination; the others may not import at all.
IMPORT, UNKNOWN = "404 404 403 403 403", "00000000-0000-4000-8000-000000000000"

# All the contracts that one follows.
FOLLOWED = "200 403 200 403 403 200"

# A contract comes back by the administration, the coordination of its territory, and whoever deleted it.
BACK = "200 404 404 404 404"

TABLE = [
    # The account: sign-in by password or by a code, a forgotten password, what one changes once signed in.
    page("account_login", 302, post=302, anonymous=200),
    page("account_request_login_code", 302, post=302, anonymous=200),
    page("account_confirm_login_code", 302, post=302),
    page("account_logout", post=302),
    page("account_inactive", anonymous=200),
    page("account_profile", post=302),
    page("account_change_password", post=200),
    page("account_set_password", 302, post=302),
    page("account_reset_password", post=200, anonymous=200),
    page("account_reset_password_done", anonymous=200),
    page("account_reset_password_from_key", post=200, uidb36="=1", key="=faux", anonymous=200),
    page("account_reset_password_from_key_done", anonymous=200),
    # One's calendar: the page of the account, and the secret address that a calendar reads.
    page("contracts:agenda", post=302, data={"geste": "creer"}),
    page("contracts:feed", token="feed.token", anonymous=200),
    # What a public service says of itself.
    page("accessibility", anonymous=200),
    page("sitemap", anonymous=200),
    page("legal", anonymous=200),
    page("privacy", anonymous=200),
    page("help", anonymous=200),
    page("contact", anonymous=200),
    page("mail_refusal", post=200, token="refusal.token", anonymous=200),
    # The life of the contract: read by all, its passages made by the coordination.
    row("actions:life", 200),
    row("actions:amendment", 200, pk="amendment"),
    row("actions:amendment_freeze", EDITS, post=EDITS, pk="amendment"),
    row("actions:passage", EDITS, post=EDITS, stage="=clos"),
    row("actions:life_back", EDITS, post=EDITS),
    row("actions:life_flag", post=DEEDS),
    row("actions:freeze_signed", EDITS, post=DEEDS),
    # The plan: read and exported by all who read the contract; news by coordination and by the pilots of the fiche.
    row("actions:plan", 200),
    row("actions:calendar", 200),
    row("actions:changes", 200),
    row("actions:export", 200),
    row("actions:bulk", "302 302 403 403 403", post="302 302 403 403 403"),
    row("actions:renewal", 200, post="302 302 403 403 403"),
    row("actions:renewal_undo", post=DEEDS, pk="renewal_choice"),
    row("actions:status", "200 200 403 200 403", post="200 200 403 200 403", pk="action"),
    # The front pages: all one's contracts, and the state of one.
    page("home", "200 200 302 200 200 302"),
    # The contracts that one follows: administration, ARS, national readers.
    page("actions:region", FOLLOWED),
    page("actions:region_export", FOLLOWED),
    page("actions:region_compare", FOLLOWED),
    page("actions:region_totals", FOLLOWED),
    page("actions:region_fiches", FOLLOWED),
    page("actions:region_fiches_export", FOLLOWED),
    row("contract", 200),
    # Fiches actions: read, edited section by section, followed.
    # The workbook comes in: the coordination's own sending, nobody else's.
    row("actions:import", "200 200 403 403 403", post="422 422 403 403 403"),
    row("actions:import_sheet", IMPORT, post=IMPORT, public_id=f"={UNKNOWN}"),
    row("actions:import_columns", IMPORT, post=IMPORT, public_id=f"={UNKNOWN}"),
    row("actions:import_preview", IMPORT, public_id=f"={UNKNOWN}"),
    row("actions:import_confirm", post=IMPORT, public_id=f"={UNKNOWN}"),
    row("actions:import_problems", IMPORT, public_id=f"={UNKNOWN}"),
    row("actions:detail", 200, pk="action"),
    # The contract: all in its scope read it, its coordination edits it.
    page("contracts:create", "200 403 403 403 403", post="200 403 403 403 403"),
    row("contracts:settings", 200),
    row("contracts:edit", EDITS, post=EDITS),
    row("contracts:renew", EDITS, post=EDITS),
    row("contracts:delete", EDITS, post=DEEDS, data={"confirmed": "on"}),
    page("contracts:deleted"),
    row("contracts:restore_contract", BACK, post=BACK.replace("200", "302"), public_id="deleted_contract.public_id"),
    row("contracts:signatories", 200),
    row("contracts:signatory_create", EDITS, post=EDITS),
    row("contracts:signatory_edit", EDITS, post=EDITS, pk="signatory"),
    row("contracts:signatory_delete", EDITS, post=DEEDS, pk="signatory"),
    row("contracts:signatory_move", post=DEEDS, pk="signatory"),
    row("contracts:amendments", 200),
    row("contracts:amendment_create", EDITS, post=EDITS),
    row("contracts:amendment_edit", EDITS, post=EDITS, pk="amendment"),
    row("contracts:amendment_delete", EDITS, post=DEEDS, pk="amendment"),
    row("contracts:axes", 200),
    row("contracts:axis_create", EDITS, post=EDITS),
    row("contracts:axis_edit", EDITS, post=EDITS, pk="axis"),
    row("contracts:axis_delete", EDITS, post=DEEDS, pk="axis"),
    row("contracts:axis_move", post=DEEDS, pk="axis"),
    row("contracts:objective_create", EDITS, post=EDITS),
    row("contracts:objective_edit", EDITS, post=EDITS, pk="objective"),
    row("contracts:objective_delete", EDITS, post=DEEDS, pk="objective"),
    row("contracts:objective_move", post=DEEDS, pk="objective"),
    row("contracts:perimeter", 200),
    row("contracts:perimeter_add", EDITS, post=EDITS),
    row("contracts:perimeter_edit", EDITS, post=DEEDS, pk="perimeter_commune"),
    row("contracts:perimeter_delete", EDITS, post=DEEDS, pk="perimeter_commune"),
    row("contracts:organisations", 200),
    row("actions:organisation", 200, pk="organisation"),
    row("contracts:organisation_create", EDITS, post=EDITS),
    row("contracts:organisation_edit", EDITS, post=EDITS, pk="organisation"),
    row("contracts:organisation_delete", EDITS, post=DEEDS, pk="organisation"),
    row("contracts:contact_create", EDITS, post=EDITS),
    row("contracts:contact_edit", EDITS, post=EDITS, pk="contact"),
    row("contracts:contact_delete", EDITS, post=DEEDS, pk="contact"),
    row("contracts:terms", 200),
    row("contracts:term_create", EDITS, post=EDITS, kind="=theme"),
    row("contracts:term_edit", EDITS, post=EDITS, pk="term"),
    row("contracts:term_delete", EDITS, post=DEEDS, pk="term"),
    row("contracts:deletions", EDITS),
    row("contracts:restore", EDITS, post=DEEDS, public_id="deletion.public_id"),
    row("contracts:journal", 200),
    # Who governs: everybody reads the bodies and who sits in them, the coordination composes them.
    row("actions:governance", 200),
    row("actions:decisions", 200),
    row("actions:decisions_export", 200),
    row("contracts:body", 200, pk="body"),
    row("contracts:body_create", EDITS, post=EDITS),
    row("contracts:body_edit", EDITS, post=EDITS, pk="body"),
    row("contracts:body_delete", EDITS, post=DEEDS, pk="body"),
    row("contracts:body_move", post=DEEDS, pk="body"),
    row("contracts:seat_create", EDITS, post=EDITS, body_pk="body"),
    row("contracts:seat_create_person", EDITS, post=EDITS, body_pk="body"),
    row("contracts:seat_edit", EDITS, post=EDITS, pk="body_member"),
    row("contracts:seat_end", EDITS, post=EDITS, pk="body_member"),
    row("contracts:seat_delete", EDITS, post=DEEDS, pk="body_member"),
    row("contracts:documents", 200),
    row("contracts:document", 200, public_id="document.public_id"),
    row("contracts:document_create", EDITS, post=EDITS),
    row("contracts:document_edit", EDITS, post=EDITS, public_id="document.public_id"),
    row("contracts:document_delete", EDITS, post=DEEDS, public_id="document.public_id"),
    row("actions:pdf", 200, pk="action"),
    row("actions:plan_pdf", post=302),
    row("contracts:document_job", 200, public_id="job.public_id"),
    row("actions:document_restart", post=302, public_id="job.public_id"),
    # Who may do what on a contract: its coordination's to say.
    row("contracts:members", "200 200 403 403 403"),
    row("contracts:member_invite", "200 200 403 403 403", post="200 200 403 403 403"),
    row("contracts:member_update", "200 200 403 403 403", post="200 200 403 403 403", pk="membership"),
    row("contracts:member_remind", post="302 302 403 403 403", pk="membership"),
    row("contracts:member_reactivate", post="302 403 403 403 403", pk="membership"),
    row("contracts:member_withdraw", "200 200 403 403 403", post="302 302 403 403 403", pk="membership"),
    # Only in development and in the demonstration.
    page("mails", 404, anonymous=404),
    row("actions:edit", "200 200 403 403 403", post="200 200 403 403 403", pk="action", section="=identite"),
    row("actions:create", "200 200 403 403 403", post="200 200 403 403 403"),
    row("actions:delete", "200 200 403 403 403", post="302 302 403 403 403", pk="action"),
    row("actions:archive", post="302 302 403 403 403", pk="action"),
    row("actions:drafting", post="302 302 403 403 403", pk="action", data={"state": "validee"}),
    row("actions:move", post="302 302 403 403 403", pk="action", data={"direction": "haut"}),
    row("actions:history", 200, pk="action"),
    row("actions:indicators", 200),
    row("actions:indicators_export", 200),
    row("actions:indicator", 200, pk="indicator"),
    row("actions:measurement_create", post="200 200 403 200 403", pk="indicator"),
    row("actions:follow_up_create", "200 200 403 200 403", post="200 200 403 200 403", pk="action"),
    row("actions:past_meetings", 200),
    # A meeting: everybody sees that it takes place, the coordination prepares and reports it.
    row("actions:meeting", 200, pk="meeting"),
    row("contracts:meeting_file", 200, pk="meeting"),
    row("contracts:convocation", EDITS, post=EDITS, pk="coming_meeting"),
    row("contracts:meeting_cancel", EDITS, post=DEEDS, pk="coming_meeting"),
    row("actions:meeting_create", EDITS, post=EDITS),
    row("actions:meeting_edit", EDITS, post=EDITS, pk="meeting"),
    row("actions:meeting_delete", EDITS, post=DEEDS, pk="meeting"),
    row("actions:meeting_state", post=DEEDS, pk="meeting", data={"geste": "rouverte"}),
    row("actions:minutes", EDITS, post="409 409 403 403 403", pk="meeting"),
    # Its papers: until the minutes are validated, for the body, the coordination and the ARS.
    row("actions:dossier", EDITS, post=EDITS, pk="meeting"),
    row("actions:paper", "200 200 200 403 403", pk="meeting", kind="=convocation", extension="=pdf"),
    row("actions:paper_keep", post=DEEDS, pk="meeting"),
    row("actions:paper_again", post=DEEDS, pk="meeting", public_id="paper.public_id"),
    row("actions:annual_report", 200, post=200),
    row("actions:whole_contract", 200, post=302),
    # What a successor finds is read by the coordination and the ARS; the coordination hands over what somebody holds.
    row("actions:handover", "200 200 200 403 403"),
    # What a référent holds is read by that person, whom no role of the scene is; the administration hands it over.
    page("actions:ars_handover", "200 404 404 404 404 404", post="200 404 404 404 404 404", pk="ars_membership"),
    row("actions:handover_transfer", EDITS, post=EDITS, pk="membership"),
    # What was submitted or signed is read and printed by all who read the contract, and rewritten by nobody.
    row("actions:versions", 200),
    row("actions:version", 200, number="version.number"),
    row("actions:version_fiche", 200, number="version.number", pk="action"),
    row("actions:version_changes", 200, number="version.number", query="?a=aujourdhui"),
    # The review: everybody reads the avis; the coordination submits and answers, the ARS alone reads and decides.
    row("actions:reviews", 200),
    row("actions:review", 200, pk="review"),
    row("actions:review_document", 200, pk="review"),
    row("actions:review_submit", EDITS, post=DEEDS),
    row("actions:review_withdraw", post=DEEDS, pk="review"),
    row("actions:review_take", post=ARS_ONLY, pk="review", other="403 404 404 404 404"),
    row("actions:review_decide", "403 403 200 403 403", post="403 403 200 403 403", pk="review"),
    row("actions:review_part", "200 200 200 403 403", post="403 403 302 403 403", pk="review", part_pk="part"),
    row("actions:review_remark", post=ARS_ONLY, pk="review", part_pk="part", data=REMARK, anonymous="302 403"),
    row("actions:remark_delete", post="404 404 302 403 403", pk="draft_remark"),
    row("actions:remark_answer", post="302 302 403 403 403", pk="remark", data={"answer": "corrige"}),
    row("actions:remark_settle", post=ARS_ONLY, pk="remark"),
    row("actions:opinion_ask", "403 403 200 403 403", post="403 403 200 403 403", pk="review"),
    row("actions:opinion_request", "403 403 200 403 403", post="403 403 403 403 403", pk="opinion_request"),
    row("actions:opinion_cancel", post=ARS_ONLY, pk="opinion_request"),
    row("actions:version_document", post=302, number="version.number"),
    row("actions:meeting_validate", EDITS, post=EDITS, pk="meeting"),
    row("actions:agenda", EDITS, pk="meeting"),
    row("actions:agenda_item_create", EDITS, post=EDITS, pk="meeting"),
    row("actions:agenda_proposal", EDITS, post=DEEDS, pk="meeting"),
    row("actions:agenda_item_edit", EDITS, post=EDITS, pk="agenda_item"),
    row("actions:agenda_item_delete", EDITS, post=DEEDS, pk="agenda_item"),
    row("actions:agenda_item_move", post=DEEDS, pk="agenda_item"),
    row("actions:session", EDITS, post=DEEDS, pk="meeting"),
    row("actions:attendance", EDITS, post=DEEDS, pk="meeting"),
    row("actions:decision_create", EDITS, post=EDITS, pk="meeting"),
    row("actions:decision_edit", EDITS, post=EDITS, pk="decision"),
    row("actions:decision_delete", EDITS, post=DEEDS, pk="decision"),
    row("actions:decision_settle", EDITS, post=EDITS, pk="decision"),
]

# Addresses of libraries that have their own tests here.
ELSEWHERE = {"admin"}


def is_tested_here(name: str | None) -> bool:
    return name is None or name.split(":")[0] not in ELSEWHERE


@pytest.fixture
def clients(request, client) -> dict:
    return {"anonymous": client} | {role: signed_in(request.getfixturevalue(role)) for role in ROLES}


def test_every_address_is_in_the_table_and_has_a_name():
    names = {name for name, _pattern in named_patterns() if is_tested_here(name)}

    assert None not in names, "an address without a name cannot be linked to nor tested"
    assert sorted(names - {line.name for line in TABLE}) == []
    assert sorted({line.name for line in TABLE} - names) == []


def test_no_row_is_written_twice():
    names = [(line.name, line.query) for line in TABLE]

    assert sorted({name for name in names if names.count(name) > 1}) == []


@pytest.mark.parametrize("line", TABLE, ids=lambda line: f"{line.name}{line.query}")
def test_access(line, clients, contract, other_contract, pilot_organisation):
    own = Scene(contract, pilot_organisation)
    other = Scene(other_contract, make_organisation(other_contract))

    assert walk(line, clients, own, other) == []


DEEDS_ONLY = [line for line in TABLE if line.get is None]


@pytest.mark.parametrize("line", DEEDS_ONLY, ids=lambda line: line.name)
def test_a_deed_opened_like_a_page_leads_to_the_page_it_belongs_to(line, administrator, contract, pilot_organisation):
    client, url = signed_in(administrator), line.url(Scene(contract, pilot_organisation))

    answer = client.get(url)
    back = re.search(r'<a class="btn btn--primary" href="([^"]+)"', answer.content.decode())[1]

    assert answer.status_code == 405
    assert answer["Allow"] == "POST"
    assert url.startswith(back)
    assert len(back) > 1
    assert client.get(back).status_code == 200


def test_a_wrong_row_is_found(clients, contract, pilot_organisation):
    scene = Scene(contract, pilot_organisation)

    assert len(walk(page("account_change_password", 404, post=200), clients, scene, scene)) == len(ROLES)
    assert len(walk(page("account_login", 302, anonymous=200), clients, scene, scene)) == len(ROLES)
    assert len(walk(row("account_change_password", 200, post=200), clients, scene, scene)) == 2 * (
        len(ROLES) - len(EVERYWHERE)
    )
