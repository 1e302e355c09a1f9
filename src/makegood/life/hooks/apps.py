from django.apps import AppConfig


class HooksConfig(AppConfig):
    name = "makegood.life.hooks"
    label = "hooks"
