from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('fixes', '0003_types_of_issues'),
    ]

    operations = [
        migrations.AddField(
            model_name='tracker',
            name='refused_at',
            field=models.DateTimeField(blank=True, help_text='When a webhook last showed a wrong secret.', null=True),
        ),
        migrations.AddField(
            model_name='tracker',
            name='secret',
            field=models.TextField(blank=True, help_text="Sealed; proves that a webhook is the tracker's."),
        ),
        migrations.AddField(
            model_name='tracker',
            name='told_at',
            field=models.DateTimeField(blank=True, help_text='When a webhook last told us something.', null=True),
        ),
        migrations.AddField(
            model_name='trackerissue',
            name='heard',
            field=models.JSONField(blank=True, default=dict, help_text='Comment → digest of its words, when last looked at.'),
        ),
        migrations.AddField(
            model_name='trackerissue',
            name='told_severity',
            field=models.CharField(blank=True, help_text='Which severity its label says.', max_length=10),
        ),
    ]
