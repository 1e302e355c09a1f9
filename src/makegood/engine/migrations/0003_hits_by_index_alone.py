from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('engine', '0002_vector'),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='searchdocument',
            name='document_kind',
        ),
        migrations.AddIndex(
            model_name='searchdocument',
            index=models.Index(fields=['kind', 'id', 'ref'], name='document_place'),
        ),
    ]
