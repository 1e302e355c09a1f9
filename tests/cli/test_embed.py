"""`makegood embed` and what `makegood check` says of a sentence model."""

import argparse

import numpy as np
import pytest

from makegood.cli import look
from makegood.engine.models import SimilarDocument
from makegood.engine.similar import sentences
from tests.engine.similar import tiny
from tests.life.case import file_report, work


class Reader:
    number, reads_all = 7, True

    def vector(self, text, tokens):
        return np.ones(4, dtype=np.float32) / 2


@pytest.fixture
def here(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    sentences._of.cache_clear()
    yield tmp_path
    sentences._of.cache_clear()


@pytest.mark.django_db
def test_what_was_there_before_the_model_is_read_and_counted(cast, monday, monkeypatch, capsys):
    file_report(cast, monday)
    work(monday)
    monkeypatch.setattr(sentences, "model", Reader)
    assert look.embed(argparse.Namespace()) == 0
    assert "1 read for what they mean" in capsys.readouterr().out
    assert not SimilarDocument.objects.filter(vector=None).exists()
    assert look.embed(argparse.Namespace()) == 0
    assert "0 read" in capsys.readouterr().out


def test_without_a_model_it_says_where_to_put_one(here, capsys):
    assert look.embed(argparse.Namespace()) == 1
    assert str(here / "embeddings") in capsys.readouterr().err


def test_with_half_a_model_it_says_who_knows_why(here, capsys):
    (here / "embeddings").mkdir()
    assert look.embed(argparse.Namespace()) == 1
    assert "makegood check" in capsys.readouterr().err


def test_check_loads_the_model_and_names_what_only_that_tells(here):
    for package in sentences.PACKAGES:
        pytest.importorskip(package)
    assert look._embeddings() == []
    (tiny.write(here / "embeddings") / "tokenizer.json").write_text("{}")
    assert [one.id for one in look._embeddings()] == ["makegood.W071"]
    tiny.write(here / "embeddings")
    assert look._embeddings() == []
