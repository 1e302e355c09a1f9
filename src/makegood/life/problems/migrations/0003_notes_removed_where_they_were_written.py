"""Notes that were removed in the tracker they came from are marked."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("problems", "0002_problem_withdrawn_at"),
    ]

    operations = [
        migrations.AddField(
            model_name="problemnote",
            name="removed_at",
            field=models.DateTimeField(blank=True, help_text="When it was found removed where it was written.", null=True),
        ),
        migrations.AddField(
            model_name="problemnote",
            name="removed_by",
            field=models.CharField(blank=True, help_text="Who removed it there, where that is told.", max_length=200),
        ),
    ]
