from django.apps import AppConfig


class StatuspageConfig(AppConfig):
    name = "makegood.life.statuspage"
    label = "statuspage"
