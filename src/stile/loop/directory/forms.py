"""The little a visitor may tell us about an activity. Nothing about who they are, but for `TellForm`."""

from django import forms
from django.utils.translation import gettext_lazy as _

from .rules.feedback import FACES, LONGEST_WORDS, WRONG


class WrongForm(forms.Form):
    what = forms.ChoiceField(
        label=_("What’s wrong?"), widget=forms.RadioSelect, choices=[(k, _(v)) for k, v in WRONG.items()],
        error_messages=dict.fromkeys(("required", "invalid_choice"), _("Choose the one that fits best.")),
    )  # fmt: skip
    words = forms.CharField(
        label=_("Anything that helps us put it right?"),
        help_text=_("Please don’t write names or anything about yourself."),
        max_length=LONGEST_WORDS, required=False, widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"max_length": _("That’s more than we can keep. The first few lines are enough.")},
    )  # fmt: skip


class HowForm(forms.Form):
    face = forms.ChoiceField(
        label=_("How was it?"), widget=forms.RadioSelect, choices=[(k, _(v)) for k, v in FACES.items()],
        error_messages=dict.fromkeys(
            ("required", "invalid_choice"), _("Choose one, or close this page. Both are fine.")
        ),
    )  # fmt: skip


class TellForm(forms.Form):
    name = forms.CharField(
        label=_("A name to use"), max_length=40, help_text=_("A first name or a nickname is fine."),
        error_messages={
            "required": _("What can they call you?"),
            "max_length": _("A short one, please: 40 letters at most."),
        },
    )  # fmt: skip
    reply = forms.CharField(
        label=_("One way to reply to you"), max_length=100,
        help_text=_("A phone number or e-mail that only you read."),
        error_messages={
            "required": _("How can they reply to you?"),
            "max_length": _("One phone number or one e-mail address, please."),
        },
    )  # fmt: skip
    first_time = forms.BooleanField(label=_("It’s my first time. Please look out for me."), required=False)
