from django.db import migrations
from django.utils import timezone


def index_again(apps, _schema_editor):
    """Reports are found by the page they name: those there are come into the index again, some at a time."""
    if apps.get_model('reports', 'Report').objects.exists():
        job = {'payload': {'entry': 'pages', 'after': 0}, 'run_at': timezone.now()}
        apps.get_model('engine', 'Job').objects.get_or_create(
            name='searching.index_reports_of', key='pages:0', defaults=job
        )


class Migration(migrations.Migration):

    dependencies = [
        ('searching', '0006_words_of_postgresql'),
        ('engine', '0001_initial'),
        ('reports', '0001_initial'),
    ]

    operations = [
        migrations.RunPython(index_again, migrations.RunPython.noop, elidable=True),
    ]
