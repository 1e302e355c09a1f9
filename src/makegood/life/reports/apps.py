from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "makegood.life.reports"
    label = "reports"
