from django.apps import AppConfig


class TransferConfig(AppConfig):
    name = "makegood.life.transfer"
    label = "transfer"
