from django.apps import AppConfig


class UiConfig(AppConfig):
    """The design language: base pages, components, pictures. Knows no area of the loop."""

    name = "stile.ui"
    label = "ui"
