from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('reports', '0004_ledger_by_time'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex(
            model_name='keptform',
            index=models.Index(fields=['updated_at'], name='kept_form_age'),
        ),
        migrations.AddIndex(
            model_name='keptform',
            index=models.Index(condition=models.Q(('dropped_at__isnull', False)), fields=['dropped_at'], name='kept_form_thrown_away'),
        ),
    ]
