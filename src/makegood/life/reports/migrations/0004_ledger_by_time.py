from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('reports', '0003_forms_that_are_kept'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='ledgerentry',
            index=models.Index(fields=['at', 'id'], name='ledger_at'),
        ),
    ]
