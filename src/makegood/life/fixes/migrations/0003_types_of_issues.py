from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('fixes', '0002_commits_that_were_cut'),
    ]

    operations = [
        migrations.AddField(
            model_name='tracker',
            name='issue_type',
            field=models.CharField(default='Bug', help_text='In Jira: what an issue is opened as.', max_length=100),
        ),
    ]
