"""Text becomes words that compare across writers and languages."""

import pytest

from makegood.engine.similar.words import MAX_TEXT, words


def test_case_accents_and_endings_do_not_matter():
    assert words("Crashes crashed CRASHING") == ["crash", "crash", "crash"]
    assert words("Prévisualisation") == words("previsualisation")
    assert words("ﬁle ＡＢＣ") == words("file ABC")


def test_a_composed_name_counts_whole_and_in_its_parts():
    assert words("setTimeOut") == ["settimeout", "set", "time", "out"]


def test_words_that_only_join_are_left_out():
    assert words("The picture is not there") == words("Das picture ist nicht") == ["pictur"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [("保存失败", ["保存", "存失", "失败"]), ("不", ["不"]), ("저장 실패", ["저장", "실패"]), ("ファイルを開く", 6)],
)
def test_scripts_without_spaces_become_neighbouring_pairs(text, expected):
    found = words(text)
    assert found == expected if isinstance(expected, list) else len(found) == expected


def test_voiced_kana_stay_apart_from_plain_ones():
    assert words("がき") != words("かき")


def test_only_so_much_is_read_of_an_endless_text():
    assert len(words("word " * 1_000_000)) <= MAX_TEXT
