from django.apps import AppConfig


class IntakeConfig(AppConfig):
    name = "makegood.life.intake"
    label = "intake"
