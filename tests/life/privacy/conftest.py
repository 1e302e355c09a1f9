"""A life is long to play: it is played once for all tests of a module, and each test takes back what it did to it."""

import copy
import shutil

import pytest
from django.db import transaction
from django.test import override_settings

from makegood.life.beginning import begin
from makegood.life.promises import book
from tests.cast import MONDAY, make_cast
from tests.life.privacy.stories import a_life


@pytest.fixture(scope="module")
def played(django_db_setup, django_db_blocker, tmp_path_factory):
    """(cast, person, folder of their files): as they stand in the database while tests of this module run."""
    folder = tmp_path_factory.mktemp("life")
    with django_db_blocker.unblock(), transaction.atomic():
        with override_settings(DATA_DIR=folder):
            book.install_defaults(MONDAY)
            begin(MONDAY)
            cast = make_cast()
            person = a_life(cast, MONDAY)
        yield cast, person, folder
        transaction.set_rollback(True)


@pytest.fixture
def life(played, db, settings, tmp_path):
    """(cast, person) with a folder of their own: what goes from the disk comes back with no transaction."""
    cast, person, folder = played
    settings.DATA_DIR = shutil.copytree(folder, tmp_path / "life")
    return copy.deepcopy((cast, person))
