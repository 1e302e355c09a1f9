from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('post', '0001_initial'),
        ('reports', '0001_initial'),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='incomingmail',
            name='incoming_mail_held',
        ),
        migrations.RemoveIndex(
            model_name='incomingmail',
            name='incoming_mail_parked',
        ),
        migrations.RemoveIndex(
            model_name='incomingmail',
            name='incoming_mail_message',
        ),
        migrations.AddIndex(
            model_name='incomingmail',
            index=models.Index(condition=models.Q(('decided_at', None), ('outcome', 'quarantined')), fields=['-id'], name='incoming_mail_held'),
        ),
        migrations.AddIndex(
            model_name='incomingmail',
            index=models.Index(condition=models.Q(('decided_at', None), ('outcome', 'parked')), fields=['-id'], name='incoming_mail_parked'),
        ),
        migrations.AddIndex(
            model_name='incomingmail',
            index=models.Index(condition=models.Q(('decided_at__isnull', False)), fields=['-decided_at', '-id'], name='incoming_mail_decided'),
        ),
        migrations.AddIndex(
            model_name='incomingmail',
            index=models.Index(condition=models.Q(('storage_key', ''), _negated=True), fields=['received_at', 'id'], name='incoming_mail_raw'),
        ),
        migrations.AddIndex(
            model_name='incomingmail',
            index=models.Index(condition=models.Q(('message__isnull', False)), fields=['message'], name='incoming_mail_message'),
        ),
    ]
