"""The answer to « may this person do this? »: yes, or no with the reason in French.

Each app's `permissions.py` holds functions `can_<verb>_<noun>(user, obj)` that return one of these. The sentence of a
refusal serves the 403 page, the greyed button and the test.
"""

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied


@dataclass(frozen=True)
class Permission:
    """`way`: label and address of the page where what was refused can be made possible, if there is one."""

    allowed: bool
    reason: str = ""
    way: tuple[str, str] | None = None

    def __bool__(self) -> bool:
        return self.allowed


ALLOWED = Permission(True)


class Refused(PermissionDenied):
    def __init__(self, permission: Permission):
        super().__init__(permission.reason)
        self.way = permission.way


def denied(reason: str, way: tuple[str, str] | None = None) -> Permission:
    return Permission(False, reason, way)


def require(permission: Permission) -> None:
    """Raises `PermissionDenied` with the reason, which the 403 page shows."""
    if not permission:
        raise Refused(permission)
