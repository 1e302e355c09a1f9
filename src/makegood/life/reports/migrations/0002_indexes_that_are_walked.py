from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0001_initial'),
        ('reports', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='ledgerentry',
            name='ledger_about',
        ),
        migrations.RemoveIndex(
            model_name='outgoingmail',
            name='mail_due',
        ),
        migrations.RemoveIndex(
            model_name='report',
            name='report_follows',
        ),
        migrations.RemoveIndex(
            model_name='report',
            name='report_answered',
        ),
        migrations.RemoveIndex(
            model_name='report',
            name='report_solved',
        ),
        migrations.AddIndex(
            model_name='ledgerentry',
            index=models.Index(fields=['about', 'id'], name='ledger_about'),
        ),
        migrations.AddIndex(
            model_name='outgoingmail',
            index=models.Index(fields=['state', 'send_after', 'id'], name='mail_state'),
        ),
        migrations.AddIndex(
            model_name='report',
            index=models.Index(condition=models.Q(('follows__isnull', False)), fields=['follows'], name='report_follows'),
        ),
        migrations.AddIndex(
            model_name='report',
            index=models.Index(condition=models.Q(('first_answered_at__isnull', False)), fields=['first_answered_at'], name='report_answered'),
        ),
        migrations.AddIndex(
            model_name='report',
            index=models.Index(condition=models.Q(('solved_at__isnull', False)), fields=['solved_at'], name='report_solved'),
        ),
    ]
