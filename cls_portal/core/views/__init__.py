from cls_portal.core.views.bases import (
    CreateBase,
    DeleteBase,
    DetailBase,
    ListBase,
    PageMixin,
    UpdateBase,
    add_service_errors,
)
from cls_portal.core.views.retries import SAVED_BY_OTHERS, save_anew

__all__ = [
    "SAVED_BY_OTHERS",
    "CreateBase",
    "DeleteBase",
    "DetailBase",
    "ListBase",
    "PageMixin",
    "UpdateBase",
    "add_service_errors",
    "save_anew",
]
