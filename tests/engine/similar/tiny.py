"""A sentence model of a few words, as real files: an ONNX graph that looks up a direction for each word.

Written out by hand, because the packages that make such files are large and nothing else here needs them.
"""

import json
import struct
from pathlib import Path

# Words of one line lie in one direction.
MEANINGS = (("crash", "abort", "quit"), ("upload", "send", "attach"), ("calendar", "agenda"), ("printer", "paper"))
FLOAT, INT64 = 1, 7


def write(folder: Path) -> Path:
    """``model.onnx`` and ``tokenizer.json`` in ``folder``, which is made."""
    folder.mkdir(parents=True, exist_ok=True)
    size = len(MEANINGS) + 1
    directions = [[0.0] * len(MEANINGS) + [1.0]]
    vocabulary = {"[UNK]": 0}
    for place, words in enumerate(MEANINGS):
        for word in words:
            vocabulary[word] = len(directions)
            directions.append([float(place == other) for other in range(len(MEANINGS))] + [0.1])
    (folder / "model.onnx").write_bytes(_model(directions, size))
    reading = {
        "version": "1.0",
        "normalizer": {"type": "Lowercase"},
        "pre_tokenizer": {"type": "Whitespace"},
        "model": {"type": "WordLevel", "vocab": vocabulary, "unk_token": "[UNK]"},
    }
    (folder / "tokenizer.json").write_text(json.dumps(reading))
    return folder


def _model(directions: list[list[float]], size: int) -> bytes:
    table = b"".join(struct.pack(f"<{size}f", *one) for one in directions)
    tensor = _number(1, len(directions)) + _number(1, size) + _number(2, FLOAT) + _part(8, b"table") + _part(9, table)
    node = _part(1, b"table") + _part(1, b"input_ids") + _part(2, b"last_hidden_state") + _part(4, b"Gather")
    graph = _part(1, node) + _part(2, b"tiny") + _part(5, tensor)
    graph += _part(11, _value("input_ids", INT64, ["batch", "sequence"]))
    graph += _part(12, _value("last_hidden_state", FLOAT, ["batch", "sequence", size]))
    return _number(1, 8) + _part(7, graph) + _part(8, _part(1, b"") + _number(2, 13))


def _value(name: str, kind: int, sizes: list[str | int]) -> bytes:
    shape = b"".join(_part(1, _number(1, one) if isinstance(one, int) else _part(2, one.encode())) for one in sizes)
    return _part(1, name.encode()) + _part(2, _part(1, _number(1, kind) + _part(2, shape)))


def _number(field: int, value: int) -> bytes:
    return _varint(field << 3) + _varint(value)


def _part(field: int, value: bytes) -> bytes:
    return _varint(field << 3 | 2) + _varint(len(value)) + value


def _varint(value: int) -> bytes:
    found = bytearray()
    while value > 0x7F:
        found.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*found, value])
