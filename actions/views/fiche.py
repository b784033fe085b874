"""The page of a fiche: everything about it, to be read."""

from django.views.generic import DetailView

from actions.enums import DraftingState
from actions.fiche.sheet import NEWS_ON_THE_PAGE, Sheet, decisions_on, news_of, readable
from actions.journal import last_changes
from actions.models import Action
from actions.permissions import can_edit_action, can_give_news
from actions.renewal import chain_of, with_continuation
from actions.review.on_fiche import last_part, open_remarks
from actions.views.base import action_crumbs
from contracts.views.base import ContractMixin


def neighbours(action: Action) -> tuple[tuple | None, tuple | None]:
    """(pk, number or title) of the fiches before and after this one, in the order of the plan."""
    order = list(
        Action.objects.filter(contract=action.contract_id).in_plan().in_plan_order().values_list("pk", "code", "title")
    )
    place = next((rank for rank, row in enumerate(order) if row[0] == action.pk), None)
    if place is None:
        return None, None
    return (order[place - 1] if place else None), (order[place + 1] if place + 1 < len(order) else None)


class ActionDetail(ContractMixin, DetailView):
    template_name = "actions/detail.html"
    context_object_name = "action"

    def get_queryset(self):
        return with_continuation(readable(self.request.user, self.contract))

    def get_object(self, queryset=None) -> Action:
        action = super().get_object(queryset)
        action.contract = self.contract
        return action

    def get_context_data(self, **kwargs) -> dict:
        action = self.object
        editable = can_edit_action(self.request.user, action)
        all_news = self.request.GET.get("suivi") == "tout"
        news = list(news_of(action, None if all_news else NEWS_ON_THE_PAGE + 1))
        previous, following = neighbours(action)
        chain = chain_of(action, self.request.user)
        decisions = decisions_on(action, self.request.user)
        reviewed = last_part(action)
        return super().get_context_data(
            sheet=Sheet(action, editor=bool(editable), decisions=decisions, is_chained=bool(chain)),
            chain=chain,
            editable=editable,
            gives_news=can_give_news(self.request.user, action),
            news=news if all_news else news[:NEWS_ON_THE_PAGE],
            more_news=not all_news and len(news) > NEWS_ON_THE_PAGE,
            previous=previous,
            following=following,
            drafting_states=[each for each in DraftingState.choices if each[0] != DraftingState.ARCHIVED],
            changes=last_changes(action),
            reviewed=reviewed,
            remarks=open_remarks(action, self.request.user) if reviewed else {},
            crumbs=action_crumbs(action),
            **kwargs,
        )
