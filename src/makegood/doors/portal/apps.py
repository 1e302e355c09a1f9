from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "makegood.doors.portal"
    label = "portal"
