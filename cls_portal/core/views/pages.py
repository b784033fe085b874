"""Pages that know nothing of contracts: what a public service says of itself, and the gallery of components."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cls_portal.core.gallery import GalleryForm, example_context
from cls_portal.core.mail import received_mails
from cls_portal.core.typed import Typed


def permission_denied(request: HttpRequest, exception: PermissionDenied) -> HttpResponse:
    """403: the reason, and where what is missing can be put right."""
    context = {"exception": str(exception), "way": getattr(exception, "way", None)}
    return render(request, "403.html", context, status=403)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404; what was typed for a record deleted meanwhile is shown back."""
    is_page = request.resolver_match and request.user.is_authenticated
    return render(request, "404.html", {"typed": Typed.in_request(request) if is_page else None}, status=404)


@login_not_required
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form of this site opened before a sign-in: it can be sent again. From elsewhere, nothing of it is taken."""
    own = request.headers.get("Origin") == f"{request.scheme}://{request.get_host()}"
    typed = Typed.in_request(request) if own else None
    return render(request, "typed.html" if typed else "403_csrf.html", {"typed": typed}, status=403)


@login_not_required
@require_safe
def information(request: HttpRequest, page: str) -> HttpResponse:
    return render(request, f"public/{page}.html", {"operator": settings.OPERATOR})


@login_not_required
@require_safe
def components(request: HttpRequest) -> HttpResponse:
    """Every component in every state, to be looked at and checked; only served in development and demonstration."""
    form = GalleryForm(request.GET if "envoyer" in request.GET else None)
    page = Paginator(range(1, 151), 20).get_page(request.GET.get("page"))
    return render(request, "public/components.html", {"form": form, "page": page, **example_context()})


@login_not_required
@require_safe
def mails(request: HttpRequest) -> HttpResponse:
    """Open to all, since one reads one's sign-in code here; absent from a real site."""
    if not (settings.DEBUG or settings.DEMO):
        raise Http404
    return render(request, "public/mails.html", {"mails": list(received_mails())})
