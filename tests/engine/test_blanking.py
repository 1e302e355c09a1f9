"""What is blacked out is black in the stored file, to the last point, and the bytes that showed it can be let go."""

import io

import pytest
from PIL import Image

from makegood.engine import files
from makegood.engine.files.blanking import NothingToBlank

RED = (220, 30, 30)


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.DATA_DIR = tmp_path


def keep(kind="PNG", mode="RGB", size=(200, 120)):
    """A picture whose every point tells: red where the secret is, a chequered ground elsewhere."""
    picture = Image.effect_noise(size, 80).convert(mode)
    picture.paste(RED if mode != "RGBA" else (*RED, 255), (61, 33, 121, 67))
    out = io.BytesIO()
    picture.save(out, kind)
    out.seek(0)
    return files.keep(out, name=f"secret.{kind.lower()}", limit=10_000_000)


def points(key):
    with files.open_file(key) as stream, Image.open(stream) as picture:
        return picture.convert("RGB")


@pytest.mark.parametrize(("kind", "mode"), [("PNG", "RGB"), ("PNG", "RGBA"), ("JPEG", "RGB"), ("GIF", "RGB")])
def test_every_point_of_the_area_is_black_and_the_rest_is_not(kind, mode):
    kept = keep(kind, mode)
    fresh = files.blank(kept.key, [files.Box(61, 33, 60, 34)], name=kept.name)
    area = points(fresh.key).crop((61, 33, 121, 67))
    assert area.getextrema() == ((0, 0), (0, 0), (0, 0))
    before, after = points(kept.key), points(fresh.key)
    assert after.size == before.size
    assert max(after.crop((0, 80, 200, 120)).getextrema()[0]) > 100
    # Nothing red is left anywhere near, in the picture or its small copy.
    for key in (fresh.key, fresh.thumbnail_key):
        assert not any(r > 150 and g < 90 and b < 90 for _n, (r, g, b) in points(key).getcolors(1 << 20))


def test_the_new_file_is_another_and_what_the_row_says_of_it_is_true():
    kept = keep()
    fresh = files.blank(kept.key, [files.Box(0, 0, 10, 10)], name=kept.name)
    assert fresh.key != kept.key
    assert list(files.verify([(fresh.key, fresh.sha256)])) == []
    assert files.path_of(fresh.key).stat().st_size == fresh.size


def test_an_area_may_hang_over_the_edge():
    kept = keep()
    fresh = files.blank(kept.key, [files.Box(190, 100, 5000, 5000)], name=kept.name)
    assert points(fresh.key).crop((190, 100, 200, 120)).getextrema() == ((0, 0), (0, 0), (0, 0))


@pytest.mark.parametrize("boxes", [[], [files.Box(500, 500, 10, 10)], [files.Box(5, 5, 0, 10)]])
def test_without_an_area_inside_nothing_is_written(boxes):
    kept = keep()
    before = set(files.storage.all_keys())
    with pytest.raises(NothingToBlank):
        files.blank(kept.key, boxes, name=kept.name)
    assert set(files.storage.all_keys()) == before


def test_hundreds_of_areas_are_refused():
    with pytest.raises(NothingToBlank):
        files.blank(keep().key, [files.Box(1, 1, 5, 5)] * 31, name="x")
