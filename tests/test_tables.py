"""The tables tests begin with, which may have been made in an earlier run, are what migrating would make now."""

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor


@pytest.mark.django_db
def test_nothing_is_left_to_migrate():
    executor = MigrationExecutor(connection)
    assert executor.migration_plan(executor.loader.graph.leaf_nodes()) == []
    known = {key for key, one in executor.loader.disk_migrations.items() if not one.replaces}
    assert set(executor.loader.applied_migrations) == known
