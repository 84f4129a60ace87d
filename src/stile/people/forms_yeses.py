"""Shapes of what is asked about yeses, ways to reach somebody, carers and the hello page."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from .rules.competence import PROMPTS, Concludes, Deciding
from .rules.contact import Kind, Whose
from .rules.introducing import IN_WORDS as NOT_THIS_TIME
from .rules.participation import ParentOk
from .rules.responsibility import KnownBy, Responsible
from .rules.sharing import IN_WORDS, Part

YES_NO_UNKNOWN = [("yes", _("Yes")), ("no", _("No")), ("unknown", _("We don’t know"))]
HOW = [("said", _("They said it")), ("typed", _("They typed it")), ("signed", _("They signed it"))]
Choices = Sequence[tuple[str, str]]


def _one(label: Any, choices: Any, **more: Any) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label, choices=choices, widget=forms.RadioSelect,
        error_messages={"required": _("Choose one.")}, **more,
    )  # fmt: skip


def _line(label: Any, longest: int, *, why: Any = "", needed: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label, max_length=longest, required=bool(needed), help_text=why,
        error_messages={"required": needed} if needed else {},
    )  # fmt: skip


def _text(label: Any, *, why: Any = "", needed: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label, max_length=2000, required=bool(needed), help_text=why,
        widget=forms.Textarea(attrs={"rows": 2}), error_messages={"required": needed} if needed else {},
    )  # fmt: skip


class ShareForm(forms.Form):
    """One reader was chosen; here each part is asked for by itself."""

    parts = forms.MultipleChoiceField(
        label=_("What they said yes to"), widget=forms.CheckboxSelectMultiple,
        help_text=_("Read each one aloud. Tick only what they said yes to."),
        error_messages={"required": _("Tick what they said yes to. If it is nothing, choose No.")},
    )  # fmt: skip
    why = _line(
        _("What it is for"), 200, why=_("For example: climbing on Tuesdays."), needed=_("Say what it is for.")
    )
    how = _one(_("How they said it"), HOW)
    given_by = _one(
        _("Who said yes"),
        [("young_person", _("The young person")), ("parent", _("Somebody with parental responsibility")),
         ("lead", _("The safeguarding lead decided"))],
    )  # fmt: skip
    parent = forms.ChoiceField(label=_("Which parent or carer, if one said yes"), required=False)
    lead = forms.ChoiceField(label=_("Which lead, if one decided"), required=False)
    parent_safe = forms.BooleanField(
        label=_("Asking a parent or carer is safe for them. I checked with them."), required=False
    )
    doubted = forms.BooleanField(
        label=_("Somebody doubts that they can decide this"), required=False, help_text=_("For 16 and over.")
    )
    until = forms.DateField(
        label=_("Until"), required=False, widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("Empty: twelve months. It never lasts longer than that."),
    )  # fmt: skip

    def __init__(
        self, *args: Any, parts: Sequence[Part], parents: Choices, leads: Choices, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["parts"].choices = [(part.value, _now(IN_WORDS[part])) for part in parts]
        nobody = [("", _now("Nobody"))]
        self.fields["parent"].choices = nobody + list(parents)
        self.fields["lead"].choices = nobody + list(leads)


DECIDING = [
    (Deciding.SHARING, _("Sharing something about them")),
    (Deciding.PLAN, _("Their plan")),
    (Deciding.TAKING_PART, _("Taking part in something")),
    (Deciding.DATA_RIGHTS, _("Their data: seeing or deleting it")),
    (Deciding.TELLING_A_PARENT, _("Telling a parent or carer")),
]


class NoteForm(forms.Form):
    deciding = _one(_("Kind of decision"), [(one.value, words) for one, words in DECIDING])
    decision = _line(_("Which decision, in a line"), 200, needed=_("Say which decision this is about."))
    free_of_pressure = _one(_("Is it their own wish, with nobody pressing them?"), YES_NO_UNKNOWN)
    telling_a_parent = _text(_("What they think about telling a parent or carer, and why"))
    conclusion = _one(
        _("What you think"),
        [(Concludes.UNDERSTANDS.value, _("They understand")),
         (Concludes.NEEDS_HELP.value, _("They need help to understand")),
         (Concludes.NOT_YET.value, _("Not yet"))],
    )  # fmt: skip
    reasons = _text(_("Why you think so"), needed=_("Say why you think so."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for key, words in PROMPTS.items():
            self.fields[f"own_{key}"] = _text(_now(words), needed=_("Write down what they said."))
        self.order_fields(
            [
                "deciding",
                "decision",
                *(f"own_{key}" for key in PROMPTS),
                "free_of_pressure",
                "telling_a_parent",
            ]
        )


class TakingPartForm(forms.Form):
    activity_name = _line(_("Activity"), 200, needed=_("Write down which activity."))
    rule = _one(
        _("The club’s own rule: does a parent or carer sign?"),
        [(ParentOk.NEVER.value, _("Never")), (ParentOk.UNDER_16.value, _("Under 16")),
         (ParentOk.UNDER_18.value, _("Under 18")), (ParentOk.FIRST_TIME.value, _("The first time only")),
         (ParentOk.UNKNOWN.value, _("We don’t know: ask the club"))],
    )  # fmt: skip
    first_time = _one(_("Is it their first time there?"), YES_NO_UNKNOWN)


class AnswerForm(forms.Form):
    says = _one(_("The answer"), [("yes", _("Yes")), ("no", _("No"))])
    how = _one(_("How it was given"), HOW)
    carer = forms.ChoiceField(label=_("Who signed, if a parent or carer has to"), required=False)
    emergency_name = _line(_("Whom to ring if something happens"), 120)
    emergency_phone = _line(_("Their number"), 40)
    medical_need = _line(
        _("What the club must know for this activity"), 300, why=_("Only what this activity needs.")
    )

    def __init__(self, *args: Any, carers: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["carer"].choices = [("", _now("Nobody")), *carers]


class RouteForm(forms.Form):
    kind = _one(
        _("Way"),
        [(Kind.TEXT.value, _("Text")), (Kind.CALL.value, _("Call")), (Kind.EMAIL.value, _("E-mail")),
         (Kind.LETTER.value, _("Letter")), (Kind.SOMEONE.value, _("Through a person they trust"))],
    )  # fmt: skip
    value = _line(_("Number, address or name"), 200, needed=_("Write down the number, address or name."))
    whose = _one(
        _("Whose is it?"),
        [(Whose.OWN.value, _("Their own")), (Whose.PARENT.value, _("A parent’s or carer’s")),
         (Whose.SHARED.value, _("Shared")), (Whose.OTHER.value, _("Somebody else’s"))],
    )  # fmt: skip
    good_times = _line(_("Good times"), 120)
    sender_name = _line(_("What our texts say they’re from"), 40)


class ConfirmForm(forms.Form):
    ok = _one(_("Is it OK to use this?"), YES_NO_UNKNOWN)
    seen_by_others = _one(_("Could anyone else read or hear it?"), YES_NO_UNKNOWN)
    leave_message = _one(_("Is it OK to leave a message?"), YES_NO_UNKNOWN)


class CarerForm(forms.Form):
    name = _line(_("Name"), 120, needed=_("Write down a name."))
    relation = _line(
        _("What the young person calls them"), 40, why=_("Mum, foster carer, uncle: nothing follows from it.")
    )
    reach = _line(
        _("How to reach them"),
        200,
        why=_("For you, when the young person wants it. Nothing is sent here by itself."),
    )


class ResponsibleForm(forms.Form):
    responsible = _one(
        _("Parental responsibility"),
        [(Responsible.YES.value, _("Yes")), (Responsible.NO.value, _("No")),
         (Responsible.UNKNOWN.value, _("We don’t know")), (Responsible.DISPUTED.value, _("Disputed"))],
    )  # fmt: skip
    known_by = forms.ChoiceField(
        label=_("How we know"), required=False, widget=forms.RadioSelect,
        choices=[(KnownBy.TOLD.value, _("We were told")), (KnownBy.DOCUMENT.value, _("We saw a document")),
                 (KnownBy.SOCIAL_WORKER.value, _("From a social worker")), (KnownBy.COURT.value, _("From a court"))],
    )  # fmt: skip


LINES = {
    "interests": _("What you like"),
    "at_the_door": _("What helps at the door"),
    "access_needs": _("What makes it easier for you"),
}


class HelloForm(forms.Form):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, words in LINES.items():
            self.fields[name] = forms.CharField(
                label=words, required=False, max_length=300, widget=forms.Textarea(attrs={"rows": 2})
            )


class IntroduceForm(forms.Form):
    organisation = forms.ChoiceField(
        label=_("Charity"), error_messages={"required": _("Choose a charity they said yes to.")}
    )
    activity = _line(_("Activity"), 200, needed=_("Write down which activity."))

    def __init__(self, *args: Any, houses: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].choices = list(houses)


class NotThisTimeForm(forms.Form):
    why = _one(_("Why not this time?"), [])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["why"].choices = [(one.value, _now(words)) for one, words in NOT_THIS_TIME.items()]
