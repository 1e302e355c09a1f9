from django.apps import AppConfig


class SearchingConfig(AppConfig):
    name = "makegood.life.searching"
    label = "searching"
