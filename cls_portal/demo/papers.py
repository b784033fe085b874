"""A few files in the contract's documents: plain texts that say they are invented."""

from django.core.files.base import ContentFile

from cls_portal.core.history import sign
from cls_portal.demo.content import read
from cls_portal.demo.stage import Stage
from contracts.enums import DocumentKind
from contracts.services.documents import add_document


def file_papers(*, stage: Stage, folder: str) -> None:
    for paper in read(f"{folder}/papers.toml")["papers"]:
        file = ContentFile(paper["text"].encode(), name=paper["file"])
        about = {name: paper[name] for name in ("title", "kind", "year") if name in paper}
        document = add_document(contract=stage.contract, user=stage.coordinator, file=file, **about)
        for code in paper.get("fiches", []):
            action = stage.fresh(code)
            sign(action, user=stage.coordinator)
            action.documents.add(document)


def file_annual_report(*, stage: Stage, year: int) -> None:
    text = f"Document de démonstration\u00a0: son contenu est inventé.\n\nBilan de l’année {year}\n"
    add_document(
        contract=stage.contract,
        user=stage.coordinator,
        file=ContentFile(text.encode(), name=f"bilan-{year}.txt"),
        title=f"Bilan de l’année {year} (document de démonstration)",
        kind=DocumentKind.ANNUAL_REPORT,
        year=year,
    )
