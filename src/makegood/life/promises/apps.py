from django.apps import AppConfig


class PromisesConfig(AppConfig):
    name = "makegood.life.promises"
    label = "promises"
