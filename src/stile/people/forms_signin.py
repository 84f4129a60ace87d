"""Shapes of what is typed on the way in."""

from django import forms
from django.utils.translation import gettext_lazy as _


class EmailForm(forms.Form):
    email = forms.EmailField(
        label=_("Your e-mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "username webauthn", "spellcheck": "false"}),
        error_messages={"required": _("Write your e-mail address."), "invalid": _("That is not an e-mail address yet. It looks like name@place.uk.")},
    )  # fmt: skip
    shared = forms.BooleanField(
        label=_("Other people use this device"),
        help_text=_("You are signed out after 15 minutes without a page, and nothing is remembered."),
        required=False,
    )


class CodeForm(forms.Form):
    code = forms.CharField(
        label=_("The code"),
        help_text=_("Spaces don’t matter."),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "spellcheck": "false"}),
        error_messages={"required": _("Type the code.")},
    )  # fmt: skip
