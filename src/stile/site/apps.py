from django.apps import AppConfig


class SiteConfig(AppConfig):
    name = "stile.site"
    label = "site"
