"""Who may do what on a contract. The administrator may do everything; outside one's scope, the views answer 404."""

from collections.abc import Iterable

from django.db.models import Model, Q, QuerySet

from cls_portal.core.models import Deletion
from cls_portal.core.permissions import ALLOWED, Permission, denied
from contracts.enums import RENEWABLE_STATES, WIDE_ROLES, MeetingState, Role
from contracts.models import Contract, Meeting, Membership, Territory
from contracts.models.meeting import READS_EVERY_PAPER

ALREADY_RENEWED = "La génération suivante de ce contrat est déjà ouverte."


def held_on(user, contract: Contract) -> frozenset[tuple[str, int | None]]:
    """(role, organisation in whose name), read once per request: kept on the contract object, never in the session."""
    cache = contract.__dict__.setdefault("_roles", {})
    if user.pk not in cache:
        held = Membership.objects.reaching(contract).filter(user=user)
        cache[user.pk] = frozenset(held.values_list("role", "organisation_id"))
    return cache[user.pk]


def roles_on(user, contract: Contract) -> frozenset[str]:
    return frozenset(role for role, _organisation in held_on(user, contract))


def roles_of(user) -> frozenset[str]:
    """The roles held anywhere, read once per request: kept on the user object."""
    if "_roles" not in user.__dict__:
        user.__dict__["_roles"] = frozenset(Membership.objects.filter(user=user).values_list("role", flat=True))
    return user.__dict__["_roles"]


def can_follow_contracts(user) -> Permission:
    """The regional table: the ARS, on its départements and régions; the national readers; the administration."""
    if user.is_superuser or not roles_of(user).isdisjoint(WIDE_ROLES):
        return ALLOWED
    return denied("Le tableau régional se lit par l’ARS, la lecture nationale et l’administration du portail.")


def follows_only(user) -> bool:
    """Nothing but many contracts to follow: the regional table is the first page of this person."""
    return not user.is_superuser and bool(roles_of(user)) and roles_of(user).issubset(WIDE_ROLES)


def can_read_contract(user, contract: Contract) -> Permission:
    if Contract.objects.visible_to(user).filter(pk=contract.pk).exists():
        return ALLOWED
    return denied("Vous n’avez plus accès à ce contrat.")


def can_edit_contract(user, contract: Contract) -> Permission:
    """Coordination of the contract or of its territory."""
    if user.is_superuser or Role.COORDINATOR in roles_on(user, contract):
        return ALLOWED
    return denied("Seule la coordination de ce contrat local de santé peut le modifier.")


def can_edit_meeting(user, meeting: Meeting) -> Permission:
    """Coordination; once the minutes are validated, they are reopened before anything changes."""
    if not can_edit_contract(user, meeting.body.contract):
        return denied("Seule la coordination du contrat peut modifier ses réunions.")
    if meeting.state == MeetingState.VALIDATED:
        way = "Aller à la réunion, où il se rouvre", f"{meeting.get_absolute_url()}"
        return denied("Le compte rendu de cette réunion est validé\u00a0: rouvrez-le pour la modifier.", way)
    return ALLOWED


def can_read_papers(user, meeting: Meeting) -> Permission:
    """Once the minutes are validated, all who read the contract; before, the body, the coordination and the ARS."""
    if Meeting.objects.with_open_papers(user).filter(pk=meeting.pk).exists():
        return ALLOWED
    return denied("Les documents de cette réunion sont lus par les membres de l’instance, jusqu’à sa validation.")


def can_create_contract(user, territory: Territory | None = None) -> Permission:
    """Administrator; coordination of the territory, for a next generation. Without a territory: of one at least."""
    open_to = territories_to_open_in(user)
    if user.is_superuser or (open_to.filter(pk=territory.pk) if territory else open_to).exists():
        return ALLOWED
    return denied("Seule l’administration du portail ou la coordination du territoire peut ouvrir un contrat.")


def can_renew_contract(user, contract: Contract) -> Permission:
    """Coordination of the contract or of its territory, once: the next generation is then there to be written."""
    if not can_edit_contract(user, contract):
        return denied("Seule la coordination du contrat ou du territoire peut préparer son renouvellement.")
    if contract.state not in RENEWABLE_STATES:
        return denied("Seul un contrat en vigueur, prorogé ou échu se renouvelle.")
    if Contract.objects.later_than(contract).exists():
        return denied(ALREADY_RENEWED)
    return ALLOWED


def can_delete_contract(user, contract: Contract) -> Permission:
    if can_edit_contract(user, contract):
        return ALLOWED
    return denied("Seule la coordination du contrat peut le supprimer.")


def deleted_contracts(user) -> QuerySet[Deletion]:
    """Those that `user` may put back: administration, coordination of the territory, and who deleted it, whose role
    on the contract went with it."""
    found = Deletion.objects.filter(model=Contract._meta.label_lower)
    if user.is_superuser:
        return found
    held = Membership.objects.filter(user=user, role=Role.COORDINATOR, territory__isnull=False)
    roots = [territory.trash for territory in Territory.objects.filter(pk__in=held.values("territory"))]
    return found.filter(Q(root__in=roots) | Q(deleted_by=user))


def territories_to_open_in(user) -> QuerySet[Territory]:
    """The territories in which this person opens contracts."""
    if user.is_superuser:
        return Territory.objects.all()
    held = Membership.objects.filter(user=user, role=Role.COORDINATOR, territory__isnull=False)
    return Territory.objects.filter(pk__in=held.values("territory"))


def can_manage_members(user, contract: Contract) -> Permission:
    """Coordination, on its own contract; never the roles held on a département or a région."""
    if user.is_superuser or Role.COORDINATOR in roles_on(user, contract):
        return ALLOWED
    return denied("Seule la coordination du contrat peut inviter des personnes et donner ou retirer des rôles.")


def can_read_handover(user, contract: Contract) -> Permission:
    """Coordination, and the ARS whose référent may leave too."""
    if can_edit_contract(user, contract) or Role.ARS_REFERENT in roles_on(user, contract):
        return ALLOWED
    return denied("L’état de passation est lu par la coordination du contrat et par l’ARS.")


def can_give_wide_roles(user) -> Permission:
    """Roles on a territory, a département, a région or all the contracts."""
    if user.is_superuser:
        return ALLOWED
    return denied("Seule l’administration du portail donne et retire les rôles de l’ARS.")


def can_reopen_account(user) -> Permission:
    """An account reaches further than one contract: the administrator alone closes and reopens it."""
    if user.is_superuser:
        return ALLOWED
    return denied("Seule l’administration du portail peut réactiver un compte.")


def reads_every_paper(user, contract: Contract) -> bool:
    """Of all the meetings of the contract, those deleted since included."""
    return user.is_superuser or not roles_on(user, contract).isdisjoint(READS_EVERY_PAPER)


def people_in_charge(contract: Contract) -> dict[str, list[str]]:
    """Names of those who coordinate the contract and of its ARS referents, by role; of who never came, it is said."""
    rows = Membership.objects.reaching(contract).filter(
        role__in=[Role.COORDINATOR, Role.ARS_REFERENT], user__is_active=True
    )
    people: dict[str, list[str]] = {Role.COORDINATOR: [], Role.ARS_REFERENT: []}
    for membership in rows.select_related("user"):
        person = membership.user
        name = str(person) if person.last_login else f"{person} (invitation en attente)"
        if name not in people[membership.role]:
            people[membership.role].append(name)
    return people


def out_of_reach(rows: Iterable[Model], contract: Contract, user) -> set[tuple[type[Model], object]]:
    """(model, key) of the rows of another contract, on which `user` holds no role: they are not to be named.

    A fiche refers to the one of an earlier generation that it carries on. No query when nothing comes from elsewhere.
    """
    foreign = [row for row in rows if getattr(row, "contract_id", None) not in (None, contract.pk)]
    if not foreign:
        return set()
    visible = Contract.objects.visible_to(user).filter(pk__in={row.contract_id for row in foreign})
    read = set(visible.values_list("pk", flat=True))
    return {(type(row), row.pk) for row in foreign if row.contract_id not in read}


def unnamed(model: type[Model]) -> str:
    return f"{model._meta.verbose_name} d’un contrat qui ne vous est pas ouvert"
