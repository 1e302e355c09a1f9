from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('knowledge', '0001_initial'),
    ]

    operations = [
        migrations.AlterField(
            model_name='visit',
            name='shown_at',
            field=models.DateTimeField(blank=True, db_index=True, help_text='When help was first shown.', null=True),
        ),
    ]
