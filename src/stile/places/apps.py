from django.apps import AppConfig


class PlacesConfig(AppConfig):
    name = "stile.places"
    label = "places"
