from django.apps import AppConfig


class PostConfig(AppConfig):
    name = "makegood.life.post"
    label = "post"
