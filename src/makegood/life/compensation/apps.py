from django.apps import AppConfig


class CompensationConfig(AppConfig):
    name = "makegood.life.compensation"
    label = "compensation"
