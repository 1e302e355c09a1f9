from django.apps import AppConfig


class EngineConfig(AppConfig):
    name = "makegood.engine"
    label = "engine"
