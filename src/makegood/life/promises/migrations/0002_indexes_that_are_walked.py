from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0001_initial'),
        ('promises', '0001_initial'),
        ('reports', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex(
            model_name="promise",
            index=models.Index(
                condition=models.Q(("state", "open")), fields=["kind", "due_at"], name="promise_open_kind"
            ),
        ),
        migrations.RemoveIndex(
            model_name='promise',
            name='promise_about',
        ),
        migrations.AddIndex(
            model_name='promise',
            index=models.Index(fields=['about', 'id'], name='promise_about'),
        ),
    ]
