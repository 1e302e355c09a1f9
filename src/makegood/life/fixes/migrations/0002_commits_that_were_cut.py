from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('fixes', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='repository',
            name='token',
            field=models.TextField(blank=True, help_text='Sealed; reads commits that a webhook did not list.'),
        ),
        migrations.AlterField(
            model_name='delivery',
            name='outcome',
            field=models.CharField(choices=[('waiting', 'waiting'), ('used', 'used'), ('cut', 'incomplete'), ('unused', 'nothing for us'), ('failed', 'failed')], default='waiting', max_length=8),
        ),
        migrations.AddIndex(
            model_name='delivery',
            index=models.Index(condition=models.Q(('outcome', 'cut')), fields=['repository'], name='fix_delivery_cut'),
        ),
    ]
