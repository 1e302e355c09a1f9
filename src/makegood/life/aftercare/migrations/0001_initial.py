import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('people', '0001_initial'),
        ('promises', '0001_initial'),
        ('reports', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Csat',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('score', models.PositiveSmallIntegerField(help_text='1 very bad to 5 very good.')),
                ('words', models.TextField(blank=True)),
                ('at', models.DateTimeField()),
                ('contact', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='people.contact')),
                ('report', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='csat', to='reports.report')),
            ],
        ),
        migrations.CreateModel(
            name='Resolution',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('cycle', models.PositiveSmallIntegerField(default=0)),
                ('cause', models.TextField(blank=True)),
                ('solution', models.TextField()),
                ('reporter_words', models.TextField(help_text='What we told the reporter.')),
                ('to_do', models.TextField(blank=True, help_text='What the reporter needs to do.')),
                ('by_name', models.CharField(max_length=200)),
                ('at', models.DateTimeField()),
                ('from_state', models.CharField(help_text='The state before, for undo.', max_length=16)),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True)),
                ('answer', models.CharField(blank=True, choices=[('yes', 'it works for me'), ('no', 'not solved'), ('not_yet', 'not checked yet')], max_length=8)),
                ('answer_words', models.TextField(blank=True)),
                ('answered_at', models.DateTimeField(blank=True, null=True)),
                ('reminders', models.PositiveSmallIntegerField(default=0)),
                ('remind_at', models.DateTimeField(blank=True, help_text='The next step of silence: remind, or close.', null=True)),
                ('agent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('message', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='reports.message')),
                ('report', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='resolutions', to='reports.report')),
            ],
        ),
        migrations.CreateModel(
            name='FollowUp',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('way', models.CharField(choices=[('call', 'call'), ('mail', 'mail')], max_length=6)),
                ('outcome', models.CharField(choices=[('works', 'it works for them'), ('not_solved', 'it is not solved'), ('not_yet', 'they have not checked yet'), ('no_answer', 'asked; no answer so far')], max_length=12)),
                ('notes', models.TextField(blank=True)),
                ('by_name', models.CharField(max_length=200)),
                ('at', models.DateTimeField()),
                ('agent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('message', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='reports.message')),
                ('promise', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='promises.promise')),
                ('report', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='follow_ups', to='reports.report')),
                ('resolution', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='follow_ups', to='aftercare.resolution')),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.AddIndex(
            model_name='resolution',
            index=models.Index(fields=['report', '-id'], name='resolution_report'),
        ),
        migrations.AddIndex(
            model_name='resolution',
            index=models.Index(condition=models.Q(('remind_at__isnull', False)), fields=['remind_at'], name='resolution_silent'),
        ),
    ]
