from django.apps import AppConfig


class DirectoryConfig(AppConfig):
    name = "stile.loop.directory"
    label = "directory"
