"""What the console can do, a program can: people on a report, merging, questions withdrawn, pictures blacked out."""

import io

import pytest
from PIL import Image

from makegood.life.reports.models import Attachment, LedgerEntry, Report
from tests.doors.api.knocking import program_of

pytestmark = pytest.mark.django_db


def test_people_are_let_in_taken_out_and_made_the_reporter(dora, report):
    path = f"/reports/{report}/participants"
    (ben,) = dora.post(path, {"email": "ben@example.org"}, status=200)["items"]
    assert (ben["state"], ben["contact"]["email"]) == ("accepted", "ben@example.org")
    dora.post(path, {"email": "ana@example.org"}, status=409)
    dora.post(path, {"email": "ben"}, status=422)
    dora.post(f"{path}/{ben['id']}", {"decision": "remove"}, status=200)
    (again,) = dora.post(path, {"email": "ben@example.org"}, status=200)["items"]
    dora.post(f"{path}/{again['id']}", {"decision": "make_reporter"}, status=200)
    assert dora.get(f"/reports/{report}")["contact"]["email"] == "ben@example.org"


def test_two_reports_of_one_person_go_on_in_one_and_part_again(dora, report):
    told = {"what": "It is still broken.", "reporter": {"email": "ana@example.org"}}
    other = dora.post("/reports", told)["number"]
    merged = dora.post(f"/reports/{other}/merge", {"into": report}, status=200)
    assert (merged["duplicate_of"], merged["state"]) == (report, "closed")
    parted = dora.post(f"/reports/{other}/unmerge", status=200)
    assert (parted["duplicate_of"], parted["state"] != "closed") == (None, True)
    stranger = dora.post("/reports", {"what": "Mine too.", "reporter": {"email": "cem@example.org"}})["number"]
    dora.post(f"/reports/{stranger}/merge", {"into": report}, status=409)


def test_what_was_asked_is_listed_reminded_of_and_let_go(dora, report):
    dora.post(f"/reports/{report}/asks", {"questions": ["error-message"], "body": "Please tell us.\n{{ questions }}"})
    (asked,) = dora.get(f"/reports/{report}/asks")["items"]
    assert asked["questions"] == ["error-message"]
    (again,) = dora.post(f"/reports/{report}/asks/{asked['id']}/remind", status=200)["items"]
    assert again["reminded_at"]
    left = dora.post(f"/reports/{report}/asks/{asked['id']}/withdraw", {"reason": "We know it."}, status=200)
    assert left["items"] == []
    dora.post(f"/reports/{report}/asks/{asked['id']}/withdraw", {}, status=404)


def test_parts_of_a_picture_are_blacked_out_for_good(dora, report):
    drawn = io.BytesIO()
    Image.new("RGB", (60, 40), "white").save(drawn, "PNG")
    drawn.name = "screen.png"
    drawn.seek(0)
    key = dora.upload(f"/reports/{report}/files", drawn)["key"]
    before = Attachment.objects.get(key=key).sha256
    told = dora.post(f"/files/{key}/blank", {"areas": [{"left": 0, "top": 0, "width": 20, "height": 20}]}, status=200)
    assert told["sha256"] != before
    dora.post(f"/files/{key}/blank", {"areas": [{"left": 900, "top": 0, "width": 1, "height": 1}]}, status=422)


def test_secret_links_of_a_person_are_made_useless(dora, report):
    key = dora.get(f"/reports/{report}")["contact"]["key"]
    assert dora.post(f"/contacts/{key}/revoke-links", {"reason": "Lost phone"}, status=200)["links"] >= 1
    assert dora.post(f"/contacts/{key}/revoke-links", {}, status=200)["links"] == 0


def test_mail_reaches_a_person_again(dora, report):
    key = dora.get(f"/reports/{report}")["contact"]["key"]
    Report.objects.get().contact.__class__.objects.update(mail_problem="550 full")
    assert dora.get(f"/contacts/{key}")["mail_problem"] == "550 full"
    assert dora.post(f"/contacts/{key}/mail-works", status=200)["mail_problem"] == ""


def test_joining_a_problem_is_taken_back_by_its_entry(dora, report, desk):
    number = dora.post("/problems", {"title": "A full disk", "of": report})["number"]
    entry = LedgerEntry.objects.get(kind="problem.joined").pk
    assert dora.post(f"/problems/{number}/undo/{entry}", status=200)["reports_count"] == 0
    dora.post(f"/problems/{number}/undo/999999", status=404)
    Report.objects.update(is_protected=True, team=None)
    dora.post(f"/problems/{number}/undo/{entry}", status=404)
    assert program_of(desk.emil).post(f"/problems/{number}/undo/{entry}", status=200)["reports_count"] == 0


def test_organisations_are_made_put_right_and_marked(desk, dora):
    made = dora.post("/organisations", {"name": "Harrow & Dean", "plan": "gold"})
    assert (made["name"], made["plan"], made["is_key_account"]) == ("Harrow & Dean", "gold", False)
    dora.post("/organisations", {"name": "harrow & dean"}, status=409)
    place = f"/organisations/{made['key']}"
    changed = dora.patch(place, {"note": "Since 1990."})
    assert (changed["note"], changed["name"]) == ("Since 1990.", "Harrow & Dean")
    dora.post(f"{place}/key-account", {"is_key_account": True, "reason": "Big."}, status=403)
    emil = program_of(desk.emil)
    emil.post(f"{place}/key-account", {"is_key_account": True, "reason": ""}, status=409)
    assert emil.post(f"{place}/key-account", {"is_key_account": True, "reason": "Big."}, status=200)["is_key_account"]
    dora.patch(f"/contacts/{desk.ana.key}", {"organisation": made["key"]})
    assert [one["email"] for one in dora.get(f"{place}/contacts")["items"]] == ["ana@example.org"]
