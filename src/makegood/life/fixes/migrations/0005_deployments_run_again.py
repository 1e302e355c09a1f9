from django.db import migrations, models
from django.db.models import F


def same_as_first(apps, _editor):
    """Until one is run again, it succeeded once."""
    apps.get_model("fixes", "Deployment").objects.update(last_passed_at=F("passed_at"))


class Migration(migrations.Migration):

    dependencies = [
        ('fixes', '0004_webhooks_of_trackers'),
    ]

    operations = [
        migrations.AddField(
            model_name='deployment',
            name='last_passed_at',
            field=models.DateTimeField(
                blank=True,
                help_text='When it last did: one that is run again brings back what it stands for.',
                null=True,
            ),
        ),
        migrations.RunPython(same_as_first, migrations.RunPython.noop, elidable=True),
        migrations.RemoveIndex(model_name='deployment', name='fix_deployment_now'),
        migrations.AddIndex(
            model_name='deployment',
            index=models.Index(fields=['environment', '-last_passed_at'], name='fix_deployment_now'),
        ),
    ]
