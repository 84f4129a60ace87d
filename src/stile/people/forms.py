"""The shape of what is typed about people's records, broken glass and rights. Decisions are the actions'."""

from datetime import date
from typing import Any

import nhs_number
from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from .rules import rights
from .rules.age import BANDS
from .rules.ties import SHUT_WHY

BAND_CHOICES = [("", _("Not said")), *((one.code, one.code) for one in BANDS)]
LANGUAGES = [("en-gb", "English"), ("cy", "Cymraeg")]


class DayField(forms.DateField):
    """A day, typed as people write it: 3/11/2010, 3 November 2010, or picked."""

    def __init__(self, **more: Any) -> None:
        super().__init__(
            widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            input_formats=["%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y", "%d %B %Y", "%d %b %Y"],
            error_messages={"invalid": _("Write the day like 3/11/2010.")},
            **more,
        )


class PersonForm(forms.Form):
    """Taking somebody in, or putting their record right. Nothing but a name is needed."""

    name = forms.CharField(
        label=_("The name they use"), max_length=120,
        error_messages={"required": _("What would they like to be called?")},
    )  # fmt: skip
    pronouns = forms.CharField(label=_("Pronouns"), max_length=40, required=False)
    born = DayField(label=_("Birth date"), required=False)
    age_band = forms.ChoiceField(
        label=_("Age group, if they don’t say the date"), choices=BAND_CHOICES, required=False
    )
    district = forms.CharField(
        label=_("Part of town"), max_length=60, required=False,
        help_text=_("The first half of a postcode, or a name. Never the whole postcode."),
    )  # fmt: skip
    school = forms.CharField(label=_("School or college"), max_length=120, required=False)
    nhs_number = forms.CharField(
        label=_("NHS number"), max_length=14, required=False, help_text=_("Only if you need it.")
    )
    language = forms.ChoiceField(label=_("Language they like to be written to in"), choices=LANGUAGES)

    def clean_born(self) -> date | None:
        born: date | None = self.cleaned_data["born"]
        if born and not (date(1980, 1, 1) <= born <= timezone.localdate()):
            raise forms.ValidationError(_now("Check the year."))
        return born

    def clean_nhs_number(self) -> str:
        typed = "".join(self.cleaned_data["nhs_number"].split())
        if typed and not nhs_number.is_valid(typed):
            raise forms.ValidationError(_now("This is not an NHS number: a digit is wrong or missing."))
        return str(typed)

    def clean_district(self) -> str:
        typed = str(self.cleaned_data["district"]).strip()
        last = typed.upper().replace(" ", "")[-3:]
        whole = (
            len(last) == 3 and last[0].isdigit() and last[1:].isalpha() and any(map(str.isdigit, typed[:-3]))
        )
        if whole:
            raise forms.ValidationError(_now("Write the first half of the postcode only."))
        return typed


class TakeInForm(PersonForm):
    team = forms.ChoiceField(label=_("Team"), error_messages={"required": _("Choose a team.")})

    def __init__(self, *args: Any, teams: list[tuple[str, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        field = self.fields["team"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = teams
        if len(teams) == 1:
            field.initial = teams[0][0]
        self.fields["language"].initial = "en-gb"


class ShutForm(forms.Form):
    colleague = forms.ChoiceField(label=_("Shut it to"), error_messages={"required": _("Choose somebody.")})
    why = forms.ChoiceField(
        label=_("Why"), choices=[(k, _(v)) for k, v in SHUT_WHY.items()],
        error_messages={"required": _("Choose why.")},
    )  # fmt: skip

    def __init__(self, *args: Any, colleagues: list[tuple[str, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        field = self.fields["colleague"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = colleagues


class LookupForm(forms.Form):
    """Two exact identifiers of somebody out of reach."""

    name = forms.CharField(label=_("The name they use"), max_length=120, required=False)
    nhs_number = forms.CharField(label=_("or their NHS number"), max_length=14, required=False)
    born = DayField(label=_("Birth date"))
    reason = forms.CharField(
        label=_("Why do you need this record now?"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Somebody reads this within two working days."),
        error_messages={"required": _("Say in a few words why you need to open this record now.")},
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if not said.get("name") and not said.get("nhs_number"):
            self.add_error("name", _now("Type the name or the NHS number."))
        return said


class ReviewForm(forms.Form):
    words = forms.CharField(
        label=_("What did you find?"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Say in a few words what you found.")},
    )  # fmt: skip
    show = forms.ChoiceField(
        label=_("Does this look stay in the young person’s own list?"), widget=forms.RadioSelect,
        choices=[("yes", _("Yes, they see it")), ("no", _("No: seeing it would be unsafe for somebody"))],
        error_messages={"required": _("Choose one.")},
    )  # fmt: skip


class AskForm(forms.Form):
    """One of the plain choices, and any words. No form is needed to ask: this only helps."""

    kind = forms.ChoiceField(
        label=_("What would you like?"), widget=forms.RadioSelect,
        choices=[(k.value, _(v)) for k, v in rights.KIND_ASKS.items()],
        error_messages={"required": _("Choose the one that fits best.")},
    )  # fmt: skip
    words = forms.CharField(
        label=_("Anything you’d like to say?"), max_length=2000, required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip


class AskForThemForm(forms.Form):
    """A worker writes down what somebody asked for, in whatever way they said it."""

    kind = forms.ChoiceField(
        label=_("What they ask for"), widget=forms.RadioSelect,
        choices=[(k.value, _(v)) for k, v in rights.KIND_NAMES.items()],
        error_messages={"required": _("Choose the one that fits best.")},
    )  # fmt: skip
    asker = forms.ChoiceField(
        label=_("Who asks"), widget=forms.RadioSelect,
        choices=[(k.value, _(v)) for k, v in rights.ASKER_NAMES.items()],
        error_messages={"required": _("Choose who asks.")},
    )  # fmt: skip
    words = forms.CharField(
        label=_("In their words"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )


class TrailForm(forms.Form):
    code = forms.CharField(label=_("Code of a young person"), max_length=10, required=False)
    who = forms.ChoiceField(label=_("Colleague"), required=False)
    since = DayField(label=_("From"), required=False)
    until = DayField(label=_("To"), required=False)

    def __init__(self, *args: Any, colleagues: list[tuple[str, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        field = self.fields["who"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("Anybody")), *colleagues]
