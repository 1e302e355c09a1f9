"""Blacking out parts of a picture by pointer and by keyboard alone (WCAG 2.5.7), at the desk and before sending."""

import io

import pytest
from django.utils import timezone
from PIL import Image

from makegood.engine import files
from makegood.life.intake.models import DraftFile
from makegood.life.reports import attachments
from makegood.life.reports.models import Attachment
from tests.doors.console.report_cast import file_report

pytestmark = pytest.mark.journey


def white(width=400, height=300):
    out = io.BytesIO()
    Image.new("RGB", (width, height), "white").save(out, "PNG")
    return out.getvalue()


def stored(row):
    with files.open_file(row.storage_key) as stream, Image.open(stream) as picture:
        return picture.convert("RGB")


@pytest.fixture
def shot(desk):
    report = file_report(desk, timezone.now())
    return attachments.attach(report, io.BytesIO(white()), name="s.png", by=desk.ana.actor, at=timezone.now())


@pytest.mark.parametrize(("width", "mode"), [(1280, "dark"), (360, "light")])
def test_an_agent_does_it_by_keyboard_alone(signed_in, shot, check_axe, width, mode):
    page = signed_in("dora", width=width, mode=mode)
    page.goto(f"/console/reports/{shot.report_id}/evidence/{shot.key}/blank/")
    page.get_by_role("button", name="Add an area").focus()
    page.keyboard.press("Enter")
    box = page.locator("rect.blanking__box")
    box.and_(page.locator(":focus")).wait_for()
    start = [int(box.get_attribute(name)) for name in ("x", "y", "width", "height")]
    for key in ("ArrowLeft", "ArrowLeft", "ArrowDown", "Shift+ArrowRight", "Shift+ArrowDown"):
        page.keyboard.press(key)
    after = [int(box.get_attribute(name)) for name in ("x", "y", "width", "height")]
    assert [b - a for a, b in zip(start, after, strict=True)] == [-8, 4, 4, 4]
    assert f"{after[0]} from the left" in page.locator("[data-blanking-said]").inner_text()
    check_axe(page)

    page.keyboard.press("Delete")
    assert box.count() == 0
    page.keyboard.press("Enter")  # The focus went back to the button that adds.
    page.get_by_role("button", name="Black out for good").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/evidence/#f-*")
    x, y, width, height = start
    black = stored(Attachment.objects.get(pk=shot.pk)).crop((x, y, x + width, y + height))
    assert black.getextrema() == ((0, 0),) * 3
    assert not files.path_of(shot.storage_key).exists()


def _drag(page, start, end):
    """From one point of the picture to another, wherever it stands on the screen."""
    place = "([x, y]) => { const p = new DOMPoint(x, y).matrixTransform(document.querySelector('svg.blanking__picture')"
    x, y = page.evaluate(place + ".getScreenCTM()); return [p.x, p.y] }", list(start))
    to_x, to_y = page.evaluate(place + ".getScreenCTM()); return [p.x, p.y] }", list(end))
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(to_x, to_y, steps=4)
    page.mouse.up()


def test_an_agent_draws_over_the_picture_and_moves_what_was_drawn(signed_in, shot):
    page = signed_in("dora")
    page.goto(f"/console/reports/{shot.report_id}/evidence/{shot.key}/blank/")
    _drag(page, (40, 40), (140, 90))
    _drag(page, (90, 60), (190, 60))
    row = page.get_by_role("group", name="area to black out 1")
    assert abs(int(row.get_by_label("From the left").input_value()) - 140) <= 2
    assert abs(int(row.get_by_label("Width").input_value()) - 100) <= 2
    page.get_by_role("button", name="Black out for good").click()
    page.wait_for_url("**/evidence/#f-*")
    assert stored(Attachment.objects.get(pk=shot.pk)).getpixel((190, 65)) == (0, 0, 0)


@pytest.mark.parametrize("scripts", [True, False])
def test_a_reporter_does_it_before_sending(new_page, desk, check_axe, scripts):
    page = new_page(width=360, java_script_enabled=scripts)
    page.goto("/report/pictures/")
    page.get_by_label("Add pictures or files").set_input_files(
        {"name": "shot.png", "mimeType": "image/png", "buffer": white()}
    )
    if not scripts:
        page.get_by_role("button", name="Add", exact=True).click()
    page.get_by_role("link", name="Black out parts shot.png").click()
    row = page.locator(".blanking__row").first
    if scripts:
        page.get_by_role("button", name="Add an area").click()
        check_axe(page)
    for label, value in (("From the left", "10"), ("From the top", "20"), ("Width", "30"), ("Height", "40")):
        row.get_by_label(label).fill(value)
    page.get_by_role("button", name="Black out for good").click()
    page.wait_for_url("**/report/pictures/")
    assert stored(DraftFile.objects.get()).crop((10, 20, 40, 60)).getextrema() == ((0, 0),) * 3
