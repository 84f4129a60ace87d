from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "stile.access"
    label = "access"
