"""`makegood check` on a database that will not do."""

import os
import subprocess
import sys

import pytest

from tests import tables


@pytest.mark.postgres
def test_a_database_that_cannot_write_all_letters_is_refused_in_words(tmp_path):
    if "DATABASE_URL" not in os.environ:
        pytest.skip("SQLite writes all letters")
    name = f"mg_{os.getpid()}_latin"
    tables.on_server(
        f'DROP DATABASE IF EXISTS "{name}"',
        f"CREATE DATABASE \"{name}\" ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0",
    )
    try:
        environment = os.environ | {"DATABASE_URL": tables.address(name), "MAKEGOOD_DATA_DIR": str(tmp_path)}
        words = [sys.executable, "-m", "makegood", "check"]
        told = subprocess.run(words, env=environment, capture_output=True, text=True, check=False)
        assert told.returncode == 1
        assert "encoded in LATIN1" in told.stdout
        assert "createdb --encoding UTF8" in told.stdout
    finally:
        tables.on_server(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
