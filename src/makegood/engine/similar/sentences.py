"""The sentence model, if there is one: ``model.onnx`` and ``tokenizer.json`` in the folder ``embeddings`` of the data.

That folder is the setting: where it is missing nothing here is loaded, and nothing is ever fetched from anywhere.
onnxruntime and tokenizers are an extra of the package. A model takes token numbers and gives one direction for each
token, whose mean is the sentence (all-MiniLM-L6-v2 and its kin), or that mean itself.
"""

from __future__ import annotations

import importlib.util
import logging
import zlib
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
from django.conf import settings

from makegood.engine.similar import meaning
from makegood.engine.similar.meaning import Model, Numbers

FOLDER = "embeddings"
PARTS = ("model.onnx", "tokenizer.json")
PACKAGES = ("onnxruntime", "tokenizers")
_INPUTS = {"input_ids", "attention_mask", "token_type_ids"}
# The vocabulary of a model of English has 30,000 entries, of many languages 250,000.
_MANY_SCRIPTS = 100_000

log = logging.getLogger(__name__)
# Two threads that ask first at once must not hold it twice.
_loading = Lock()


class Unusable(Exception):
    """The model cannot be used: the text says why, ``hint`` what to do."""

    def __init__(self, why: str, hint: str) -> None:
        super().__init__(why)
        self.hint = hint


def folder() -> Path:
    """Where the model lies, if there is one."""
    return Path(settings.DATA_DIR) / FOLDER


def model() -> Model | None:
    """The model of this installation; None if there is none, or if it cannot be used, which is logged once."""
    with _loading:
        return _of(folder())


@cache
def _of(place: Path) -> Model | None:
    if not is_wanted(place):
        return None
    try:
        return load(place)
    except Unusable as trouble:
        log.warning("Likeness goes by words alone: %s %s", trouble, trouble.hint)
        return None


def is_wanted(place: Path) -> bool:
    """Whether somebody meant a model to lie there; a link to nowhere is meant, too."""
    return place.exists() or place.is_symlink()


def look_at(place: Path) -> None:
    """Whether everything is there, without loading it. Raises Unusable."""
    for part in PARTS:
        if not (place / part).is_file():
            hint = f"Put {' and '.join(PARTS)} of a sentence model there, or remove the folder {FOLDER}."
            raise Unusable(f"{place} has no {part}.", hint)
    for package in PACKAGES:
        if importlib.util.find_spec(package) is None:
            hint = f"Install makegood[embeddings] (docs/operate/embeddings.md), or remove the folder {FOLDER}."
            raise Unusable(f"A sentence model lies in {place}, but the package {package} is missing.", hint)


def load(place: Path) -> Model:
    """The model in ``place``. Raises Unusable."""
    look_at(place)
    try:
        return SentenceModel(place, *(importlib.import_module(package) for package in PACKAGES))
    except Exception as trouble:  # noqa: BLE001 - both packages raise what they like
        why = str(trouble).strip().split("\n", 1)[0][:300]
        hint = f"Take all-MiniLM-L6-v2 in ONNX form with its tokenizer.json, or remove the folder {FOLDER}."
        raise Unusable(f"The sentence model in {place} cannot be used: {why}", hint) from trouble


class SentenceModel:
    """One model in the memory of this process; may be asked by several threads at once."""

    def __init__(self, place: Path, runtime: Any, tokenizers: Any) -> None:
        options = runtime.SessionOptions()
        # One thread for each question: several at once are the usual case, and their threads would fight.
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 3
        self._session = runtime.InferenceSession(str(place / PARTS[0]), options, providers=["CPUExecutionProvider"])
        self._inputs = {one.name for one in self._session.get_inputs()}
        if "input_ids" not in self._inputs or not self._inputs <= _INPUTS:
            raise ValueError(f"it takes {', '.join(sorted(self._inputs))}")
        self._tokenizer = tokenizers.Tokenizer.from_file(str(place / PARTS[1]))
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()
        self._ends = self._tokenizer.num_special_tokens_to_add(is_pair=False)
        self.reads_all = self._tokenizer.get_vocab_size() >= _MANY_SCRIPTS
        self.number = _checksum(place)
        if len(self.vector("It works", 8).shape) != 1:
            raise ValueError("it gives no vector for a sentence")

    def vector(self, text: str, tokens: int) -> Numbers:
        """The direction of the first ``tokens`` of ``text``, of length 1."""
        encoded = self._tokenizer.encode(text, add_special_tokens=False)
        encoded.truncate(tokens - self._ends)
        encoded = self._tokenizer.post_process(encoded)
        given = np.array([encoded.ids], dtype=np.int64)
        inputs = {"input_ids": given, "attention_mask": np.ones_like(given), "token_type_ids": np.zeros_like(given)}
        (found, *_rest) = self._session.run(None, {name: inputs[name] for name in self._inputs})
        direction = found[0].mean(axis=0) if found.ndim == 3 else found[0]
        return direction / max(float(np.linalg.norm(direction)), 1e-9)


def _checksum(place: Path) -> int:
    """Which model it is: another file, another tokenizer or another way to read is another model."""
    value = meaning.READS
    for part in PARTS:
        with (place / part).open("rb") as file:
            while piece := file.read(1 << 20):
                value = zlib.crc32(piece, value)
    return value
