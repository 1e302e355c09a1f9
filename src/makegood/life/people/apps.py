from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "makegood.life.people"
    label = "people"
