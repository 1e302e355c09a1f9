from django.apps import AppConfig


class ChannelsConfig(AppConfig):
    name = "makegood.channels"
    label = "channels"
