"""The answer to « may this person do this? »: yes, or no with the reason in French.

Each app's `permissions.py` holds functions `can_<verb>_<noun>(user, obj)` that return one of these. The sentence of a
refusal serves the 403 page, the greyed button and the test.
"""

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied


@dataclass(frozen=True)
class Permission:
    allowed: bool
    reason: str = ""

    def __bool__(self) -> bool:
        return self.allowed


ALLOWED = Permission(True)


def denied(reason: str) -> Permission:
    return Permission(False, reason)


def require(permission: Permission) -> None:
    """Raises `PermissionDenied` with the reason, which the 403 page shows."""
    if not permission:
        raise PermissionDenied(permission.reason)
