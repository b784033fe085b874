"""The printed documents of the plan: what each contains, without a word on how a PDF is made."""

from collections import defaultdict
from datetime import date

from django.db.models import Prefetch
from django.utils import timezone

from actions.fiche.sheet import Sheet, news_of, readable
from actions.models import Action, FollowUp, PlanVersion, Review
from actions.papers.making import ANNUAL, annual_pdf, made_paper
from actions.papers.whole import WHOLE, whole_pdf
from actions.plan.progress import plan_state
from actions.review.sheet import ReviewSheet
from actions.review.viewer import Viewer
from actions.versions.reading import frozen
from cls_portal.core import french
from cls_portal.core.dates import today
from cls_portal.core.pdf import render_pdf
from contracts.enums import DocumentKind, PaperKind
from contracts.models import Contract, DocumentJob
from contracts.permissions import can_edit_contract, can_read_contract, people_in_charge
from contracts.services.production import Made, Maker, NotMadeError, Report, register

# A fiche of ordinary length takes a page and a half; the figure only sets the length of the progress bar.
PAGES_PER_FICHE = 1.5
PAGES_BEFORE = 5
NEWS_IN_PRINT = 3
PLAN = "plan"
VERSION = "version"


def fiche_pdf(action: Action, user) -> tuple[str, bytes]:
    """File name and content of one fiche, which comes from `readable()`."""
    context = _common(action.contract) | {"sheet": Sheet(action), "last_news": list(news_of(action, NEWS_IN_PRINT))}
    return f"Fiche {action.code or action.pk}.pdf", render_pdf("pdf/fiche.html", context)


def plan_context(contract: Contract, user) -> dict:
    """Cover, contents, summary by axis and all the fiches, archived ones excepted."""
    state = plan_state(contract, user)
    newest = FollowUp.objects.order_by("-date", "-pk")
    fiches = readable(user, contract).in_plan().in_plan_order()
    fiches = fiches.prefetch_related(Prefetch("follow_ups", newest), "communes")
    sheets = defaultdict(list)
    for action in fiches:
        action.contract = contract
        action.printed_news = action.follow_ups.all()[:NEWS_IN_PRINT]
        sheets[action.axis_id].append(Sheet(action))
    parts = [{"axis": part.axis, "progress": part, "sheets": sheets[_pk(part.axis)]} for part in state.axes]
    return _common(contract) | {
        "state": state,
        "parts": parts,
        "axis_count": sum(part.axis is not None for part in state.axes),
        "signatories": contract.signatories.select_related("organisation"),
        "in_charge": people_in_charge(contract),
        "commune_count": contract.perimeter.present().count(),
    }


def plan_pdf(contract: Contract, user, report: Report) -> tuple[str, bytes]:
    context = plan_context(contract, user)
    pages = PAGES_BEFORE + round(PAGES_PER_FICHE * context["state"].whole.total)
    content = render_pdf("pdf/plan.html", context, on_page=lambda page: report(page, pages))
    return f"Plan d’actions, {contract}, {today():%Y-%m-%d}.pdf", content


def version_pdf(version: PlanVersion, report: Report) -> tuple[str, bytes]:
    """What was frozen, with the digest that vouches for it; nothing of it comes from the plan of today."""
    plan = frozen(version)
    pages = PAGES_BEFORE + round(PAGES_PER_FICHE * len(plan.fiches))
    day = french.long_date(timezone.localdate(version.frozen_at))
    stamp = f"{version}, figée le {day}. Empreinte {version.digest[:12]}."
    context = _common(version.contract) | {"version": version, "plan": plan, "parts": list(plan.parts), "stamp": stamp}
    content = render_pdf("pdf/version.html", context, on_page=lambda page: report(page, pages))
    return f"{version}, {version.contract}.pdf", content


def review_pdf(viewer: Viewer, review: Review) -> tuple[str, bytes]:
    """The avis, the remarks and the answers that this person reads; a few pages, whatever the plan."""
    sheet = ReviewSheet(viewer, review)
    parts = [(row.part, row.axis, row.remarks) for row in sheet.rows if row.remarks]
    stamp = f"Avis sur la version {review.version.number}. Empreinte {review.version.digest[:12]}."
    context = _common(review.contract) | {"review": review, "sheet": sheet, "viewer": viewer, "parts": parts}
    content = render_pdf("pdf/review.html", context | {"stamp": stamp})
    return f"Avis de l’ARS, version {review.version.number}, {review.contract}.pdf", content


def make_version(job: DocumentJob, report: Report) -> Made:
    found = PlanVersion.objects.filter(contract=job.contract, number=int(job.parameters)).first()
    if found is None:
        raise NotMadeError("Cette version n’existe plus.")
    found.contract = job.contract
    return Made(*version_pdf(found, report))


def make_plan(job: DocumentJob, report: Report) -> Made:
    return Made(*plan_pdf(job.contract, job.requested_by, report))


def make_dossier(job: DocumentJob, report: Report) -> Made:
    return made_paper(job, PaperKind.FILE, report)


def make_slides(job: DocumentJob, report: Report) -> Made:
    return made_paper(job, PaperKind.SLIDES, report)


def make_annual(job: DocumentJob, report: Report) -> Made:
    year = int(job.parameters)
    about = {"kind": DocumentKind.ANNUAL_REPORT, "year": year, "as_of": min(today(), date(year, 12, 31))}
    return Made(*annual_pdf(job.contract, job.requested_by, year, report), about)


def make_whole(job: DocumentJob, report: Report) -> Made:
    return Made(*whole_pdf(job.contract, job.requested_by, report))


register(PLAN, Maker(make_plan, can_read_contract))
register(VERSION, Maker(make_version, can_read_contract))
register(PaperKind.FILE, Maker(make_dossier, can_edit_contract))
register(PaperKind.SLIDES, Maker(make_slides, can_edit_contract))
register(ANNUAL, Maker(make_annual, can_read_contract))
register(WHOLE, Maker(make_whole, can_read_contract))


def _pk(axis) -> int | None:
    return axis.pk if axis else None


def _common(contract: Contract) -> dict:
    return {"contract": contract, "on": today(), "stamp": f"Données arrêtées au {french.long_date(today())}."}
