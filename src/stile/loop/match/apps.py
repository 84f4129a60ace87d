from django.apps import AppConfig


class MatchConfig(AppConfig):
    name = "stile.loop.match"
    label = "match"
