"""A problem opened by a slip can be taken back."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("problems", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="problem",
            name="withdrawn_at",
            field=models.DateTimeField(
                blank=True, help_text="Opened by a slip and taken back: nobody sees it any more.", null=True
            ),
        ),
    ]
