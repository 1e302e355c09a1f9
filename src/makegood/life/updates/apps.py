from django.apps import AppConfig


class UpdatesConfig(AppConfig):
    name = "makegood.life.updates"
    label = "updates"
