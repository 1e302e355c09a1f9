from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "makegood.doors.api"
    label = "api"
