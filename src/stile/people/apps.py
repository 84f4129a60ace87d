from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "stile.people"
    label = "people"
