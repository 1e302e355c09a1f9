from django.apps import AppConfig


class DiagnosisConfig(AppConfig):
    name = "makegood.life.diagnosis"
    label = "diagnosis"
