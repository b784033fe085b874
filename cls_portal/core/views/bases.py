"""The five regular screens. A view below says what it shows and which service writes; everything else is here.

Their objects come from `visible_to(user)`: what is out of the person's scope does not exist (404). Forms are plain
forms of `core/forms.py`; `save(form)` calls a service, whose ValidationError comes back beside its field.
"""

from typing import Any

from django.contrib import messages
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models, transaction
from django.db.models.deletion import ProtectedError, RestrictedError
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.views.generic import CreateView, DeleteView, DetailView, ListView, UpdateView

from cls_portal.core import conflicts
from cls_portal.core.deletion import delete_with_way_back, losses
from cls_portal.core.french import count_noun
from cls_portal.core.history import DELETED_MEANWHILE
from cls_portal.core.models import Deletion
from cls_portal.core.submissions import ALREADY_SENT, first_result, key_sent, new_key, once
from cls_portal.core.versioning import (
    StaleVersionError,
    VersionedModel,
    lock_if_current,
    stamp_of,
    state_at,
    with_stamp,
)

MANY_PROTECTORS = 40


def add_service_errors(form: BaseForm, error: ValidationError) -> None:
    """The refusal of a service, beside its field when the form has it, above the form otherwise."""
    refusals = error.error_dict if hasattr(error, "error_dict") else {NON_FIELD_ERRORS: error.error_list}
    for name, errors in refusals.items():
        form.add_error(name if name in form.fields else None, errors)


class PageMixin:
    """Title, heading and path of a page; `title` is unique in the site, `crumbs` leads to it: (label, url)."""

    title = ""

    def get_title(self) -> str:
        return self.title

    def get_crumbs(self) -> list[tuple[str, str]]:
        return []

    def get_queryset(self) -> models.QuerySet:
        return self.model.objects.visible_to(self.request.user)

    def get_context_data(self, **kwargs) -> dict:
        title = self.get_title()
        crumbs = self.get_crumbs()
        page = {"title": title, "crumbs": [*crumbs, (title, "")] if crumbs else []}
        return super().get_context_data(**page | kwargs)


class FormPageMixin(PageMixin):
    """`cancel_url` is where one goes without saving; by default, where one goes after."""

    template_name = "generic/object_form.html"
    submit = "Enregistrer"
    success_message = ""
    intro = ""

    def get_cancel_url(self) -> str:
        return self.get_success_url()

    def get_context_data(self, **kwargs) -> dict:
        page = {"submit": self.submit, "cancel_url": self.get_cancel_url(), "intro": self.intro}
        return super().get_context_data(**page | kwargs)

    def save(self, form: BaseForm) -> models.Model:
        raise NotImplementedError


class ListBase(PageMixin, ListView):
    """A page number that does not exist leads to the nearest page."""

    paginate_by = 50

    def paginate_queryset(self, queryset, page_size):
        page = self.get_paginator(queryset, page_size).get_page(self.request.GET.get("page"))
        return page.paginator, page, page.object_list, page.has_other_pages()


class DetailBase(PageMixin, DetailView):
    def get_title(self) -> str:
        return self.title or str(self.object)


class CreateBase(FormPageMixin, CreateView):
    """A form sent twice creates one record: its key is written in the same transaction as the record."""

    def get_context_data(self, **kwargs) -> dict:
        return super().get_context_data(submission=key_sent(self.request) or new_key(), **kwargs)

    def post(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if url := first_result(request):
            messages.info(request, ALREADY_SENT)
            return HttpResponseRedirect(url)
        return super().post(request, *args, **kwargs)

    def form_valid(self, form: BaseForm) -> HttpResponse:
        try:
            url, is_new = once(self.request, lambda: self.written(form))
        except ValidationError as error:
            add_service_errors(form, error)
            return self.form_invalid(form)
        if not is_new:
            messages.info(self.request, ALREADY_SENT)
        elif self.success_message:
            messages.success(self.request, self.success_message)
        return HttpResponseRedirect(url)

    def written(self, form: BaseForm) -> str:
        self.object = self.save(form)
        return self.get_success_url()


class UpdateBase(FormPageMixin, UpdateView):
    """When somebody saved the record in the meantime, both texts are compared field by field.

    A record without version is locked, then recognised by the last line of its history.
    """

    def get_object(self, queryset=None) -> models.Model:
        return super().get_object(with_stamp(self.get_queryset()))

    @cached_property
    def read_version(self) -> int:
        if self.request.method == "POST":
            return conflicts.stamp_read(self.request.POST)
        return stamp_of(self.object)

    def get_form_kwargs(self) -> dict[str, Any]:
        kwargs = super().get_form_kwargs()
        if "data" in kwargs:
            kwargs["data"] = conflicts.settled(kwargs["data"])
        return kwargs

    def get_context_data(self, **kwargs) -> dict:
        return super().get_context_data(version=self.read_version, **kwargs)

    def form_valid(self, form: BaseForm) -> HttpResponse:
        try:
            with transaction.atomic():
                self.claim()
                self.object = self.save(form)
        except ValidationError as error:
            add_service_errors(form, error)
            return self.form_invalid(form)
        except StaleVersionError:
            return self.form_stale(form)
        if self.success_message:
            messages.success(self.request, self.success_message)
        return HttpResponseRedirect(self.get_success_url())

    def claim(self) -> None:
        """The services check a version themselves, inside their UPDATE."""
        if not issubclass(self.model, VersionedModel):
            lock_if_current(self.object, read_stamp=self.read_version)

    def form_on(self, record: models.Model) -> BaseForm:
        """The same form, unbound, on another state of the record."""
        kwargs = self.get_form_kwargs()
        return self.get_form_class()(
            **{name: value for name, value in kwargs.items() if name not in ("data", "files")} | {"instance": record}
        )

    def form_stale(self, form: BaseForm) -> HttpResponse:
        stored = with_stamp(self.get_queryset()).filter(pk=self.object.pk).first()
        if stored is None:
            form.add_error(None, DELETED_MEANWHILE)
            return self.form_invalid(form)
        old = state_at(stored, self.read_version)
        found = conflicts.compare(form, self.form_on(stored), self.form_on(old) if old else None)
        if not found:
            return self.save_on(stored)
        context = self.get_context_data(form=form, conflict=conflicts.conflict_on(stored, found, form.data))
        return render(self.request, "generic/conflict.html", context, status=409)

    def save_on(self, stored: models.Model) -> HttpResponse:
        """The other person changed nothing that this form shows: an order, a state, the very same words."""
        self.object, self.read_version = stored, stamp_of(stored)
        form = self.get_form()
        return self.form_valid(form) if form.is_valid() else self.form_invalid(form)


def is_visible(row: models.Model, user) -> bool:
    queryset = type(row)._default_manager.all()
    return not hasattr(queryset, "visible_to") or queryset.visible_to(user).filter(pk=row.pk).exists()


def place_of(row: models.Model, *, other_than: models.Model) -> str:
    """« fiche action : 1.2 Dépister »: what the row is a part of, or the row itself."""
    parents = [
        f"{key.verbose_name}\u00a0: {getattr(row, key.name)}"
        for key in row._meta.concrete_fields
        if key.is_relation and not key.null and key.related_model is not type(other_than)
    ]
    return ", ".join(parents) or str(row)


class DeleteBase(PageMixin, DeleteView):
    """Spells out what would be lost, or who still needs the object; deletes with a way back."""

    template_name = "generic/object_confirm_delete.html"
    root = ""

    def get_title(self) -> str:
        return f"Supprimer\u00a0: {self.object}"

    def get_root(self) -> str:
        return self.root

    def get_cancel_url(self) -> str:
        return self.get_success_url()

    def get_restore_url(self, deletion: Deletion) -> str:
        return ""

    def get_context_data(self, **kwargs) -> dict:
        lost = losses(self.object)
        page = {"losses": lost, "cancel_url": self.get_cancel_url(), "protectors": self.described(lost.protectors)}
        return super().get_context_data(**page | kwargs)

    def described(self, protectors: list[models.Model]) -> list[str]:
        """Who still needs the object, in words; what is out of the person's scope is only counted."""
        seen = [row for row in protectors[:MANY_PROTECTORS] if is_visible(row, self.request.user)]
        kinds: dict[str, list[str]] = {}
        for row in seen:
            names = kinds.setdefault(place_of(row, other_than=self.object), [])
            if str(row._meta.verbose_name) not in names:
                names.append(str(row._meta.verbose_name))
        words = [f"{place} ({', '.join(names)})" for place, names in kinds.items()]
        hidden = len(protectors) - len(seen)
        return words + ([f"et {count_noun(hidden, 'autre enregistrement')}"] if hidden else [])

    def delete_object(self) -> Deletion:
        return delete_with_way_back(self.object, user=self.request.user, root=self.get_root())

    def form_valid(self, form: BaseForm) -> HttpResponse:
        url = self.get_success_url()
        try:
            deletion = self.delete_object()
        except (ProtectedError, RestrictedError):
            return self.render_to_response(self.get_context_data(form=form), status=409)
        except ValidationError as error:
            messages.error(self.request, " ".join(error.messages))
            return redirect(self.get_cancel_url())
        self.say(deletion)
        return redirect(url)

    def say(self, deletion: Deletion) -> None:
        undo = self.get_restore_url(deletion)
        link = format_html(' <a href="{}">Annuler cette suppression</a>', undo) if undo else ""
        messages.success(self.request, format_html("Supprimé\u00a0: {}.{}", deletion, link))
