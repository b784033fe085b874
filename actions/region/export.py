"""The regional table as a spreadsheet."""

from collections.abc import Iterator

from django.utils import timezone

from actions.enums import Status
from actions.region.alerts import ALERTS
from actions.region.rows import Row, read_rows
from actions.region.table import RegionalTable
from cls_portal.core.exports import Sheet

HEADINGS = [
    *("Région", "Département", "Territoire", "Contrat local de santé", "Nature", "Génération", "État"),
    *("Signé le", "Début", "Fin", "Coordination", "Fiches"),
    *Status.labels,
    *("En retard", "Avancement (%)", "Dernière nouvelle", "Prochain COPIL", "Habitants"),
]


def contract_sheet(table: RegionalTable) -> Sheet:
    alerts = [alert.said(table.on) for alert in ALERTS]
    report = f"Bilan {table.filterset.day.reported_year} reçu"
    rows = read_rows(table.keys, table.filterset.day)
    return Sheet("Contrats", [*HEADINGS, report, *alerts], contract_lines(rows))


def contract_lines(rows: list[Row]) -> Iterator[list]:
    for row in rows:
        contract, department, progress = row.contract, row.department, row.progress
        copil = timezone.localdate(contract.copil_at) if contract.copil_at else None
        yield [
            *(department.region.name, department.name, contract.territory.name, contract.title),
            *(contract.get_kind_display(), contract.generation, contract.get_state_display()),
            *(contract.signed_on, contract.start_date, contract.current_end, ", ".join(row.coordinators)),
            progress.total,
            *(count for _code, _label, count in progress.by_status()),
            *(progress.late, row.figures.mean, row.figures.last_news, copil, contract.inhabitants),
            said(bool(contract.report)),
            *(said(alert in row.alerts) for alert in ALERTS),
        ]


def said(value: bool) -> str:
    return "oui" if value else "non"
