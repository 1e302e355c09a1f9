import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('post', '0002_indexes_that_are_walked'),
        ('reports', '0002_indexes_that_are_walked'),
    ]

    operations = [
        migrations.AddField(
            model_name='incomingmail',
            name='returned',
            field=models.ForeignKey(blank=True, db_index=False, help_text='Which mail of ours came back with it.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='reports.outgoingmail'),
        ),
        migrations.AddIndex(
            model_name='incomingmail',
            index=models.Index(condition=models.Q(('returned__isnull', False)), fields=['returned'], name='incoming_mail_returned'),
        ),
    ]
