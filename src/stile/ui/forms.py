"""The form the gallery shows components with. It asks nobody anything."""

from django import forms
from django.utils.translation import gettext_lazy as _


class GalleryForm(forms.Form):
    """One of each kind of field, bound and unbound, right and wrong."""

    name = forms.CharField(
        label=_("A name to use"),
        help_text=_("Any name you like."),
        max_length=40,
        error_messages={"required": _("Tell us a name to use. It can be made up.")},
    )
    town = forms.CharField(label=_("Town or part of a postcode"), required=False)
    words = forms.CharField(
        label=_("Anything you’d like to say?"), widget=forms.Textarea(attrs={"rows": 3}), required=False
    )
    travel = forms.ChoiceField(
        label=_("How will you get there?"),
        choices=[
            ("", _("Not sure yet")),
            ("foot", _("On foot")),
            ("bike", _("By bike")),
            ("bus", _("By bus")),
        ],
        required=False,
    )
    needs = forms.MultipleChoiceField(
        label=_("What would help?"),
        help_text=_("Choose any."),
        choices=[
            ("free", _("Free")),
            ("step", _("Step-free")),
            ("quiet", _("Quiet")),
            ("friend", _("Bring a friend")),
        ],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    day = forms.ChoiceField(
        label=_("When?"),
        choices=[("today", _("Today")), ("week", _("This week")), ("weekend", _("Weekend"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one. You can change it later.")},
    )
    first = forms.BooleanField(label=_("First time: please look out for me"), required=False)
