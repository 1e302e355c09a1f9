from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('engine', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='similardocument',
            name='vector',
            field=models.BinaryField(null=True),
        ),
    ]
