from django.apps import AppConfig


class EscalationConfig(AppConfig):
    name = "makegood.life.escalation"
    label = "escalation"
