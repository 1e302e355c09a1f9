from django.apps import AppConfig


class RcaConfig(AppConfig):
    name = "makegood.life.rca"
    label = "rca"
