from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('escalation', '0001_initial'),
        ('people', '0001_initial'),
        ('reports', '0002_indexes_that_are_walked'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex(
            model_name='escalation',
            index=models.Index(condition=models.Q(('ended_at__isnull', False)), fields=['-ended_at', '-id'], name='escalation_ended'),
        ),
    ]
