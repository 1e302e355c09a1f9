from django.apps import AppConfig


class ConsoleConfig(AppConfig):
    name = "makegood.doors.console"
    label = "console"
