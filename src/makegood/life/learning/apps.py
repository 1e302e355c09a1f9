from django.apps import AppConfig


class LearningConfig(AppConfig):
    name = "makegood.life.learning"
    label = "learning"
