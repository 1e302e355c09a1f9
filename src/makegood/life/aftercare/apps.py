from django.apps import AppConfig


class AftercareConfig(AppConfig):
    name = "makegood.life.aftercare"
    label = "aftercare"
