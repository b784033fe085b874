from actions.models.action import Action, ActionLink, ActionTerm
from actions.models.follow_up import FollowUp
from actions.models.funding import FundingLine
from actions.models.governance import AgendaFiche, DecisionFiche
from actions.models.indicator import Indicator, IndicatorTarget, Measurement
from actions.models.parties import ActionPartner, ActionPilot
from actions.models.renewal import RenewalChoice
from actions.models.review import ChecklistAnswer, OpinionRequest, Review, ReviewComment, ReviewedPart
from actions.models.step import Step
from actions.models.version import FrozenError, PlanVersion

__all__ = [
    "Action",
    "ActionLink",
    "ActionPartner",
    "ActionPilot",
    "ActionTerm",
    "AgendaFiche",
    "ChecklistAnswer",
    "DecisionFiche",
    "FollowUp",
    "FrozenError",
    "FundingLine",
    "Indicator",
    "IndicatorTarget",
    "Measurement",
    "OpinionRequest",
    "PlanVersion",
    "RenewalChoice",
    "Review",
    "ReviewComment",
    "ReviewedPart",
    "Step",
]
