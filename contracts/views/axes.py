"""The levels above the fiches, on one page: axes, objectives, objectives below them."""

from django.db.models import Prefetch
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST

from cls_portal.core.views import CreateBase, DeleteBase, ListBase, UpdateBase
from contracts.forms.contract import AxisForm, ObjectiveForm
from contracts.models import Axis, Objective
from contracts.services import (
    create_axis,
    create_objective,
    move_axis,
    move_objective,
    next_color,
    update_axis,
    update_objective,
)
from contracts.views.base import EditFormMixin, EditMixin, SettingsMixin, move_and_return, within

SECTION = ("Niveaux du plan", "axes")


class AxisList(SettingsMixin, ListBase):
    model = Axis
    template_name = "contracts/axes.html"
    title = "Niveaux du plan"
    paginate_by = None

    def get_queryset(self):
        first_level = Objective.objects.filter(parent=None).prefetch_related("children")
        return super().get_queryset().prefetch_related(Prefetch("objectives", first_level, to_attr="tree"))


class AxisCreate(EditFormMixin, CreateBase):
    model = Axis
    form_class = AxisForm
    section = SECTION
    success_message = "C’est ajouté."

    def get_title(self) -> str:
        return f"Ajouter au premier niveau ({self.contract.axis_label})"

    def get_initial(self) -> dict:
        return {"color": next_color(self.contract)}

    def save(self, form) -> Axis:
        return create_axis(contract=self.contract, user=self.request.user, **form.cleaned_data)


class AxisEdit(EditFormMixin, UpdateBase):
    model = Axis
    form_class = AxisForm
    section = SECTION
    success_message = "C’est enregistré."

    def get_title(self) -> str:
        return f"Modifier «\u202f{self.object}\u202f» ({self.contract.axis_label})"

    def save(self, form) -> Axis:
        return update_axis(axis=form.instance, user=self.request.user)


class AxisDelete(EditMixin, DeleteBase):
    model = Axis
    section = SECTION


@require_POST
def axis_move(request, slug: str, pk: int):
    return move_and_return(request, slug, pk, model=Axis, mover=move_axis, back="contracts:axes")


class ObjectiveCreate(EditFormMixin, CreateBase):
    """Below the axis of the address."""

    model = Objective
    form_class = ObjectiveForm
    section = SECTION
    success_message = "C’est ajouté."

    def setup(self, request, *args, **kwargs) -> None:
        super().setup(request, *args, **kwargs)
        axes = within(self.contract, Axis.objects.visible_to(request.user))
        self.axis = get_object_or_404(axes, pk=kwargs["axis_pk"])

    def get_title(self) -> str:
        return f"Ajouter sous «\u202f{self.axis}\u202f» ({self.contract.objective_label})"

    def get_form_kwargs(self) -> dict:
        return super().get_form_kwargs() | {"instance": Objective(axis=self.axis)}

    def save(self, form) -> Objective:
        return create_objective(axis=self.axis, user=self.request.user, **form.cleaned_data)


class ObjectiveEdit(EditFormMixin, UpdateBase):
    model = Objective
    form_class = ObjectiveForm
    section = SECTION
    success_message = "C’est enregistré."

    def get_title(self) -> str:
        return f"Modifier «\u202f{self.object}\u202f» ({self.contract.objective_label})"

    def save(self, form) -> Objective:
        return update_objective(objective=form.instance, user=self.request.user)


class ObjectiveDelete(EditMixin, DeleteBase):
    model = Objective
    section = SECTION


@require_POST
def objective_move(request, slug: str, pk: int):
    return move_and_return(request, slug, pk, model=Objective, mover=move_objective, back="contracts:axes")
