from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "stile.audit"
    label = "audit"
