from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('colleagues', '0001_initial'),
        ('problems', '0001_initial'),
        ('reports', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='watch',
            name='one_watch_of_a_report',
        ),
        migrations.RemoveConstraint(
            model_name='watch',
            name='one_watch_of_a_problem',
        ),
        migrations.AddConstraint(
            model_name='watch',
            constraint=models.UniqueConstraint(condition=models.Q(('report__isnull', False)), fields=('agent', 'report'), name='one_watch_of_a_report'),
        ),
        migrations.AddConstraint(
            model_name='watch',
            constraint=models.UniqueConstraint(condition=models.Q(('problem__isnull', False)), fields=('agent', 'problem'), name='one_watch_of_a_problem'),
        ),
    ]
