"""A problem that was merged into one that was merged itself points at the one where they all are."""

from typing import Any

from django.db import migrations


def shorten(apps: Any, schema_editor: Any) -> None:
    problems = apps.get_model("problems", "Problem").objects.using(schema_editor.connection.alias)
    far = problems.filter(merged_into__merged_into__isnull=False)
    while steps := list(far.values_list("pk", "merged_into__merged_into")):
        for pk, further in steps:
            problems.filter(pk=pk).update(merged_into=further)


class Migration(migrations.Migration):
    dependencies = [("problems", "0003_notes_removed_where_they_were_written")]

    operations = [migrations.RunPython(shorten, migrations.RunPython.noop, elidable=True)]
