"""What the two sides of a review write: the submission, a remark and its answer, the grid, opinions, the avis."""

from django import forms

from actions.enums import Criterion, CriterionAnswer, ExpertOpinion, Opinion, RemarkAnswer, RemarkKind
from actions.models import OpinionRequest, Review, ReviewComment
from actions.models.review import LONG, SHORT
from cls_portal.accounts.models import User
from cls_portal.core.forms import PortalForm, SeveralField

NO_HEALTH_DATA = "Aucune donnée de santé nominative."


def area(rows: int, **attrs) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows, **attrs})


def capitalised(choices) -> list[tuple[str, str]]:
    return [(value, label[:1].upper() + label[1:]) for value, label in choices]


class SubmitForm(PortalForm):
    message = forms.CharField(
        label="Message à l’ARS",
        required=False,
        max_length=LONG,
        widget=area(4),
        help_text="Ce sur quoi vous attendez un avis, le calendrier, ce qui a changé. " + NO_HEALTH_DATA,
    )


class RemarkForm(PortalForm):
    kind = forms.ChoiceField(
        label="Nature",
        choices=capitalised(RemarkKind.choices),
        widget=forms.RadioSelect,
        initial=RemarkKind.CORRECTION,
    )
    text = forms.CharField(label="Remarque", max_length=SHORT, widget=area(3, autofocus=True))

    def __init__(self, *args, comment: ReviewComment | None = None, **kwargs):
        initial = {"kind": comment.kind, "text": comment.text} if comment else None
        super().__init__(*args, initial=initial, auto_id="remarque_%s", **kwargs)


class AnswerForm(PortalForm):
    answer = forms.ChoiceField(
        label="Suite donnée", choices=capitalised(RemarkAnswer.choices), widget=forms.RadioSelect
    )
    answer_text = forms.CharField(
        label="Réponse",
        required=False,
        max_length=SHORT,
        widget=area(3),
        help_text="Si la remarque n’est pas retenue, dites pourquoi.",
    )

    def __init__(self, *args, comment: ReviewComment, **kwargs):
        initial = {"answer": comment.answer, "answer_text": comment.answer_text} if comment.answer else None
        super().__init__(*args, initial=initial, auto_id=f"reponse{comment.pk}_%s", **kwargs)


class ChecklistForm(PortalForm):
    """A pair of fields per criterion; nothing is compulsory."""

    def __init__(self, *args, stored: dict, **kwargs):
        initial = {}
        for criterion, line in stored.items():
            initial |= {criterion: line.answer, f"{criterion}-note": line.note}
        super().__init__(*args, initial=initial, prefix="g", **kwargs)
        for criterion, label in Criterion.choices:
            self.fields[criterion] = forms.ChoiceField(
                label=label, required=False, choices=CriterionAnswer.choices, widget=forms.RadioSelect
            )
            self.fields[f"{criterion}-note"] = forms.CharField(label=f"Note, {label}", required=False, max_length=500)

    @property
    def answers(self) -> dict[str, tuple[str, str]]:
        data = self.cleaned_data
        return {name: (data[name], data[f"{name}-note"]) for name in Criterion.values}

    @property
    def lines(self) -> list[tuple[str, forms.BoundField, forms.BoundField]]:
        return [(name, self[name], self[f"{name}-note"]) for name in Criterion.values]


class OpinionForm(PortalForm):
    opinion = forms.ChoiceField(label="Avis", choices=capitalised(Opinion.choices), widget=forms.RadioSelect)
    text = forms.CharField(
        label="Texte de l’avis",
        required=False,
        max_length=LONG,
        widget=area(8),
        help_text="Lu par toutes les personnes qui suivent le contrat. La mise en forme Markdown est comprise.",
    )
    joined = SeveralField(
        label="Avis internes à joindre",
        queryset=OpinionRequest.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Un avis joint est lu par la coordination\u00a0; les autres restent à l’ARS.",
    )

    def __init__(self, *args, review: Review, **kwargs):
        super().__init__(*args, initial={"opinion": review.opinion, "text": review.opinion_text}, **kwargs)
        given = review.requests.filter(answered_at__isnull=False).select_related("expert")
        self.fields["joined"].queryset = given
        self.fields["joined"].label_from_instance = lambda each: f"{each.expert}\u00a0: {each.get_opinion_display()}"
        if not given:
            del self.fields["joined"]


class AskForm(PortalForm):
    expert = forms.ModelChoiceField(label="Collègue", queryset=User.objects.none())
    question = forms.CharField(label="Question", max_length=SHORT, widget=area(4))
    due_on = forms.DateField(label="Réponse attendue pour le")
    parts = SeveralField(
        label="Sur",
        queryset=None,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Sans rien cocher, l’avis porte sur tout ce qui est soumis.",
    )

    def __init__(self, *args, review: Review, people, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["expert"].queryset = people
        self.fields["parts"].queryset = review.parts.all()


class ExpertForm(PortalForm):
    opinion = forms.ChoiceField(
        label="Votre avis", choices=capitalised(ExpertOpinion.choices), widget=forms.RadioSelect
    )
    text = forms.CharField(
        label="Réponse",
        max_length=LONG,
        widget=area(6),
        help_text="Interne à l’ARS, sauf si la référence ARS joint votre réponse à l’avis rendu.",
    )

    def __init__(self, *args, request: OpinionRequest, **kwargs):
        super().__init__(*args, initial={"opinion": request.opinion, "text": request.text}, **kwargs)
