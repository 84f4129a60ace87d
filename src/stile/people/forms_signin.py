"""Shapes of what is typed on the way in."""

from typing import Any

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


class AddressForm(forms.Form):
    """Where codes go. A young person says that only they read it; without that, nothing is sent there."""

    email = forms.EmailField(
        label=_("Your e-mail address"),
        max_length=254,
        error_messages=EmailForm.base_fields["email"].error_messages,
    )
    only_me = forms.BooleanField(
        label=_("Only I read this"),
        help_text=_("If somebody else might see it, use another address, or a passkey."),
        error_messages={"required": _("We only write to an address that is yours alone.")},
    )

    def __init__(self, *args: Any, young: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not young:
            del self.fields["only_me"]


class InviteForm(forms.Form):
    name = forms.CharField(
        label=_("Name"), max_length=120, error_messages={"required": _("Write their name.")}
    )
    email = forms.EmailField(
        label=_("Their e-mail address"),
        max_length=254,
        error_messages=EmailForm.base_fields["email"].error_messages,
    )
    role = forms.ChoiceField(label=_("As"), error_messages={"required": _("Choose what they do here.")})
    team = forms.ChoiceField(label=_("Team"), required=False)

    def __init__(
        self, *args: Any, roles: list[tuple[str, str]], teams: list[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = [("", _("Choose")), *roles]  # type: ignore[attr-defined]
        self.fields["team"].choices = [("", _("All teams")), *teams]  # type: ignore[attr-defined]
