"""What is common to the answers of all the pages."""

from collections.abc import Callable

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import Resolver404, resolve

from cls_portal.core.typed import Typed

Answer = Callable[[HttpRequest], HttpResponse]


class SignInMiddleware(LoginRequiredMiddleware):
    """Sends to the sign-in page; what was typed since the session ended is shown back first."""

    def handle_no_permission(self, request: HttpRequest, view_func: Callable) -> HttpResponse:
        if typed := Typed.in_request(request):
            return render(request, "typed.html", {"typed": typed}, status=403)
        return super().handle_no_permission(request, view_func)


def method_not_allowed_page(get_response: Answer) -> Answer:
    """The address of a deed, opened like a page: by a reload, a bookmark, or a sign-in after the session expired.

    Django answers without a word; here the person is told that nothing was done, and led to the page of the deed.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if response.status_code != 405 or response.content or getattr(request, "htmx", False):
            return response
        reads = "GET" in response["Allow"]
        context = {"back": request.path if reads else page_above(request.path)}
        page = render(request, "405.html", context, status=405)
        page["Allow"] = response["Allow"]
        return page

    return middleware


def page_above(path: str) -> str:
    """The address of a deed is below that of its page: « …/fiches/3/archiver/ », « …/fiches/3/ »."""
    parts = path.strip("/").split("/")
    while len(parts) > 1:
        parts.pop()
        above = f"/{'/'.join(parts)}/"
        try:
            resolve(above)
        except Resolver404:
            continue
        return above
    return "/"
