from cls_portal.core.views.bases import (
    CreateBase,
    DeleteBase,
    DetailBase,
    ListBase,
    PageMixin,
    UpdateBase,
    add_service_errors,
)

__all__ = [
    "CreateBase",
    "DeleteBase",
    "DetailBase",
    "ListBase",
    "PageMixin",
    "UpdateBase",
    "add_service_errors",
]
