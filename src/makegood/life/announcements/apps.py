from django.apps import AppConfig


class AnnouncementsConfig(AppConfig):
    name = "makegood.life.announcements"
    label = "announcements"
