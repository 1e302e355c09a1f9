from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('diagnosis', '0001_initial'),
        ('reports', '0001_initial'),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='fieldsuggestion',
            name='suggestion_settled',
        ),
        migrations.AddIndex(
            model_name='fieldsuggestion',
            index=models.Index(condition=models.Q(('settled_at__isnull', False)), fields=['settled_at'], name='suggestion_settled'),
        ),
    ]
