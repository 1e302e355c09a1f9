from django.apps import AppConfig


class ClockConfig(AppConfig):
    name = "makegood.doors.clock"
    label = "clock"
