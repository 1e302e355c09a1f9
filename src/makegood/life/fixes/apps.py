from django.apps import AppConfig


class FixesConfig(AppConfig):
    name = "makegood.life.fixes"
    label = "fixes"
