import django.db.models.deletion
import makegood.lib.keys
from django.db import migrations, models
from makegood.lib import migrating


class Migration(migrating.Migration):

    initial = True

    dependencies = [
        ('reports', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='IncomingMail',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(default=makegood.lib.keys.public_key, editable=False, max_length=16, unique=True)),
                ('source', models.CharField(choices=[('imap', 'IMAP'), ('smtp', 'SMTP'), ('pipe', 'pipe'), ('file', 'file')], max_length=6)),
                ('storage_key', models.CharField(db_index=True, max_length=80)),
                ('sha256', models.CharField(max_length=64, unique=True)),
                ('size', models.BigIntegerField()),
                ('envelope_from', models.CharField(blank=True, help_text='Empty is the null sender.', max_length=320, null=True)),
                ('envelope_to', models.JSONField(blank=True, default=list)),
                ('received_at', models.DateTimeField()),
                ('filed_at', models.DateTimeField(blank=True, null=True)),
                ('tries', models.PositiveSmallIntegerField(default=0)),
                ('try_after', models.DateTimeField(help_text='When it is filed, or tried again.')),
                ('outcome', models.CharField(blank=True, choices=[('new_report', 'new report'), ('append', 'added to a report'), ('ignore_auto', 'automatic mail, kept without an answer'), ('bounce_recorded', 'a mail of ours came back'), ('quarantined', 'held for a person to look at'), ('duplicate', 'had come before'), ('parked', 'could not be read')], max_length=16)),
                ('reason', models.CharField(blank=True, help_text="Why this outcome: a word of judging's table.", max_length=300)),
                ('error', models.TextField(blank=True)),
                ('content_hash', models.CharField(blank=True, help_text='Of sender, subject, words and files.', max_length=64)),
                ('sent_at', models.DateTimeField(blank=True, help_text='As the mail says.', null=True)),
                ('rfc_id', models.CharField(blank=True, max_length=998)),
                ('sender', models.CharField(blank=True, max_length=254)),
                ('sender_name', models.CharField(blank=True, max_length=200)),
                ('subject', models.CharField(blank=True, max_length=300)),
                ('is_verified', models.BooleanField(default=False, help_text='Our own server saw that the From domain stands for it.')),
                ('decision', models.CharField(blank=True, choices=[('released', 'released'), ('attached', 'added to a report'), ('discarded', 'discarded')], max_length=10)),
                ('decided_by', models.CharField(blank=True, max_length=200)),
                ('decided_at', models.DateTimeField(blank=True, null=True)),
                ('mailbox', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='reports.mailbox')),
                ('message', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='reports.message')),
                ('report', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='incoming_mails', to='reports.report')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('outcome', '')), fields=['id'], name='incoming_mail_unfiled'), models.Index(condition=models.Q(('decided_at', None), ('outcome', 'quarantined')), fields=['-received_at', '-id'], name='incoming_mail_held'), models.Index(condition=models.Q(('decided_at', None), ('outcome', 'parked')), fields=['-received_at', '-id'], name='incoming_mail_parked'), models.Index(fields=['-received_at', '-id'], name='incoming_mail_newest'), models.Index(condition=models.Q(('rfc_id', ''), _negated=True), fields=['rfc_id'], name='incoming_mail_rfc_id'), models.Index(condition=models.Q(('message', None), _negated=True), fields=['message'], name='incoming_mail_message'), models.Index(condition=models.Q(('content_hash', ''), _negated=True), fields=['content_hash'], name='incoming_mail_content')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('outcome__in', ['new_report', 'append', 'quarantined']), models.Q(('content_hash', ''), _negated=True)), fields=('content_hash', 'sent_at'), name='incoming_mail_filed_once')],
            },
        ),
    ]
