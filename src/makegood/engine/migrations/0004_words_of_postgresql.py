from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('engine', '0003_hits_by_index_alone'),
    ]

    operations = [
        migrations.CreateModel(
            name='SearchWord',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=20)),
                ('word', models.TextField()),
                ('is_doubtful', models.BooleanField(default=False)),
            ],
            options={
                'indexes': [models.Index(fields=['kind', 'word'], name='word_begins', opclasses=['varchar_pattern_ops', 'text_pattern_ops']), models.Index(condition=models.Q(('is_doubtful', True)), fields=['id'], name='word_in_doubt')],
                'constraints': [models.UniqueConstraint(fields=('kind', 'word'), name='one_word')],
            },
        ),
    ]
