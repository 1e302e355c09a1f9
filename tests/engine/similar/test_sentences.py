"""The sentence model: off where none lies, named with its remedy where it cannot be used, real where it can."""

import importlib.util
import subprocess
import sys

import numpy as np
import pytest

from makegood.config import checks
from makegood.engine.similar import sentences
from tests.engine.similar import tiny


@pytest.fixture
def here(settings, tmp_path):
    """The data directory, without a model yet."""
    settings.DATA_DIR = tmp_path
    sentences._of.cache_clear()
    yield tmp_path
    sentences._of.cache_clear()


@pytest.fixture
def has_runtime():
    for package in sentences.PACKAGES:
        pytest.importorskip(package)


def test_without_the_folder_there_is_no_model_and_nothing_to_say(here):
    assert sentences.model() is None
    assert checks.embeddings() == []


def test_without_the_folder_the_packages_of_the_extra_are_not_loaded():
    code = """
import sys, django
django.setup()
from makegood.engine.similar import sentences
assert sentences.model() is None
print([name for name in sentences.PACKAGES if name in sys.modules])"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("missing", sentences.PARTS)
def test_a_missing_file_is_named_with_the_remedy(here, missing):
    (tiny.write(here / "embeddings") / missing).unlink()
    (warning,) = checks.embeddings()
    assert warning.id == "makegood.W070"
    assert f"has no {missing}" in warning.msg
    assert "remove the folder" in warning.hint
    assert sentences.model() is None


def test_a_link_to_nowhere_is_a_missing_model(here):
    (here / "embeddings").symlink_to(here / "elsewhere")
    assert "has no model.onnx" in checks.embeddings()[0].msg


def test_a_missing_package_is_named_with_the_remedy(here, monkeypatch):
    tiny.write(here / "embeddings")
    found = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "tokenizers" else found(name) or name)
    (warning,) = checks.embeddings()
    assert "package tokenizers is missing" in warning.msg
    assert "makegood[embeddings]" in warning.hint
    assert sentences.model() is None


@pytest.mark.usefixtures("has_runtime")
def test_a_file_that_is_no_model_is_named_with_the_remedy(here):
    (tiny.write(here / "embeddings") / "model.onnx").write_bytes(b"not a model")
    assert checks.embeddings() == []  # looks, and loads nothing
    with pytest.raises(sentences.Unusable, match="cannot be used") as trouble:
        sentences.load(here / "embeddings")
    assert "all-MiniLM-L6-v2" in trouble.value.hint
    assert sentences.model() is None


@pytest.mark.usefixtures("has_runtime")
def test_sentences_that_mean_the_same_lie_in_one_direction(here):
    tiny.write(here / "embeddings")
    model = sentences.model()
    crash, abort, paper = (model.vector(text, 16) for text in ("crash upload", "SEND abort", "paper printer"))
    assert np.linalg.norm(crash) == pytest.approx(1)
    assert crash @ abort == pytest.approx(1, abs=1e-5)
    assert crash @ paper < 0.1
    assert not model.reads_all


@pytest.mark.usefixtures("has_runtime")
def test_only_so_many_tokens_are_read(here):
    tiny.write(here / "embeddings")
    model = sentences.model()
    assert model.vector("crash " * 8 + "paper " * 500, 8) @ model.vector("crash", 8) == pytest.approx(1, abs=1e-5)


@pytest.mark.usefixtures("has_runtime")
def test_another_file_is_another_model(here):
    one = sentences.load(tiny.write(here / "one")).number
    assert sentences.load(tiny.write(here / "same")).number == one
    folder = tiny.write(here / "other")
    (folder / "tokenizer.json").write_text((folder / "tokenizer.json").read_text() + "\n")
    assert sentences.load(folder).number != one
