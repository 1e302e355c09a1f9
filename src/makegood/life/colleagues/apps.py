from django.apps import AppConfig


class ColleaguesConfig(AppConfig):
    name = "makegood.life.colleagues"
    label = "colleagues"
