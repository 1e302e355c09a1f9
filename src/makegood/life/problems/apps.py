from django.apps import AppConfig


class ProblemsConfig(AppConfig):
    name = "makegood.life.problems"
    label = "problems"
