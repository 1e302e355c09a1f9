from django.apps import AppConfig


class KnowledgeConfig(AppConfig):
    name = "makegood.life.knowledge"
    label = "knowledge"
