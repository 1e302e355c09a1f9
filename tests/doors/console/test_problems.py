"""The pages of problems: the list, one problem, its words for us and for the public, its members, triage."""

import csv
import re

import pytest
from django.utils import timezone

from makegood.life.people.actors import Actor
from makegood.life.problems import actions, membership, news, queries, states
from makegood.life.problems.access import visible_problems
from makegood.life.problems.models import Membership, Problem
from makegood.life.promises import about as promises
from makegood.life.rca import actions as todo
from makegood.life.rca import writing as analyses
from makegood.life.reports import actions as reports
from makegood.life.reports.models import LedgerEntry, Report
from tests.doors.console.problem_cast import HOUR, fresh, page, url
from tests.doors.console.report_cast import PART, file_report, signed_in

PUBLIC = {"public_titles": {"en": "Claims page"}, "public_texts": {"en": "The claims page shows an error."}}


def test_the_list_says_how_many_it_hits_and_what_is_owed(cast, fault, dora):
    actions.edit(fault, by=cast.emil.actor, at=timezone.now(), **PUBLIC)
    news.publish(fault, by=cast.emil.actor, at=timezone.now(), next_news_at=timezone.now() + HOUR)
    shown = page(dora, "/console/problems/")
    assert fault.title in shown
    assert "<b" not in shown.split(fault.title)[0][-40:]
    assert '2<span class="hush"> reports</span>' in shown
    assert "due in" in shown


def test_an_empty_list_teaches_the_next_step(cast, dora):
    assert "Press d on a report" in page(dora, "/console/problems/")


def test_what_a_filter_does_not_understand_is_said(cast, fault, dora):
    shown = page(dora, "/console/problems/", q="colour:red state:nowhere")
    assert "is left out" in shown
    assert fault.title in page(dora, "/console/problems/", q='"claims page" -public:yes')


@pytest.mark.parametrize(
    ("query", "is_there"),
    [
        ("claims", True),
        ("-claims", False),
        ('-"claims page"', False),
        ("-elephant", True),
        ("-elephant claims", True),
        ("severity:critical..low", True),
        ("severity:critical..critical", False),
        ("opened:today", True),
        ("-opened:today", False),
        ("opened:2020-01..2020-02", False),
        ("age:<3d", True),
        ("age:>3d", False),
    ],
)
def test_words_can_be_left_out_and_ranges_asked_for(cast, fault, dora, query, is_there):
    shown = page(dora, "/console/problems/", q=query)
    assert (f">{fault.title}</a>" in shown) is is_there
    assert "is left out" not in shown
    assert "not used" not in shown


def test_a_query_that_goes_on_too_long_is_said(cast, fault, dora):
    for path in ("/console/problems/", "/console/queue/", "/console/search/"):
        shown = page(dora, path, q="page " * 100)
        assert "Only the first 400 characters" in shown, path


def test_the_palette_offers_problems_by_number_and_words_and_what_else_has_a_number(cast, fault, dora):
    now = timezone.now()
    rca = analyses.begin(fault, by=cast.emil.actor, at=now)
    action = todo.propose(fault, "Watch the disk", by=cast.emil.actor, at=now)

    def offered(text):
        return [one["url"] for one in dora.get("/console/palette/", {"q": text}).json()["results"]]

    address = f"/console/problems/{fault.number}/"
    for text in (fault.number, fault.number.lower(), fault.title.split()[0], " ".join(fault.title.split()[:2])):
        assert address in offered(text), text
    assert offered(fault.number)[0] == address
    assert offered(rca.number)[0].endswith(f"/{rca.number}/")
    assert offered(action.number)[0].endswith(f"/{action.number}/")
    actions.protect(fault, True, by=cast.emil.actor, at=now, reason="Names in it")
    Problem.objects.update(team=None, owner=None)
    ends = tuple(f"/{one.number}/" for one in (fault, rca, action))
    for text in (fault.number, fault.title.split()[0], rca.number, action.number):
        assert not [address for address in offered(text) if address.endswith(ends)], text


def test_the_list_takes_the_same_queries_however_long_it_is(cast, fault, dora, django_assert_max_num_queries):
    page(dora, "/console/problems/")
    for n in range(12):
        actions.open_problem(f"Another {n}", by=cast.dora.actor, at=timezone.now())
    with django_assert_max_num_queries(40) as few:
        page(dora, "/console/problems/")
    for n in range(12):
        actions.open_problem(f"Yet another {n}", by=cast.dora.actor, at=timezone.now())
    with django_assert_max_num_queries(len(few)):
        page(dora, "/console/problems/")


def test_the_page_takes_the_same_queries_however_many_belong_to_it(cast, fault, dora, django_assert_max_num_queries):
    page(dora, url(fault))
    with django_assert_max_num_queries(60) as few:
        page(dora, url(fault))
    for n in range(6):
        report = file_report(cast, timezone.now(), key=f"many-{n}", email=f"m{n}@example.org", name=f"M {n}")
        membership.join(fault, report, by=cast.dora.actor, at=timezone.now())
    with django_assert_max_num_queries(len(few)):
        page(dora, url(fault))


def test_a_member_that_is_not_hers_to_see_is_counted_only(cast, fault, dora):
    hidden = Report.objects.get(title__startswith="CEMSENTINEL")
    Report.objects.filter(pk=hidden.pk).update(team=cast.platform)
    reports.protect(hidden, True, by=cast.emil.actor, at=timezone.now(), reason="Names a member.")
    shown = page(dora, url(fault))
    assert "CEMSENTINEL" not in shown
    assert hidden.number not in shown
    assert "1 more report belongs to it that is not for you to see" in shown
    assert "CEMSENTINEL" in page(signed_in(cast.emil), url(fault))


def test_a_protected_problem_is_not_there_for_others(cast, fault, dora):
    actions.protect(fault, True, by=cast.emil.actor, at=timezone.now(), reason="Names a member.")
    actions.hand_to(fault, by=cast.emil.actor, at=timezone.now(), team=cast.platform, owner=None)
    assert dora.get(url(fault)).status_code == 404
    assert fault.title not in page(dora, "/console/problems/", q="state:any")
    member = queries.every_member(fault).first()
    assert fault.title not in page(dora, f"/console/reports/{member.pk}/")
    assert fault.title in page(signed_in(cast.eve), url(fault))


@pytest.mark.parametrize("is_hidden_target", [True, False])
def test_a_protected_problem_is_not_named_by_what_was_merged_with_it(cast, fault, dora, is_hidden_target):
    other = actions.open_problem("HIDDENSENTINEL", by=cast.emil.actor, at=timezone.now())
    one, into = (fault, other) if is_hidden_target else (other, fault)
    membership.merge(one, into, by=cast.emil.actor, at=timezone.now())
    actions.protect(other, True, by=cast.emil.actor, at=timezone.now(), reason="Names a member.")
    shown = page(dora, url(fault))
    assert "HIDDENSENTINEL" not in shown
    assert f"/{other.number}/" not in shown
    assert f"/{other.number}/" in page(signed_in(cast.emil), url(fault))


def test_the_cause_written_down_is_known(cast, fault, dora):
    sent = {"title": fault.title, "cause": "A full disk.", "severity": "high", "version": fresh(fault).version}
    sent |= {"signatures": "Error 500\r\nDiskFull", "affected_versions": "4.18"}
    assert dora.post(url(fault, "edit/"), sent).status_code == 302
    now = fresh(fault)
    assert (now.state, now.cause, now.signatures) == (states.CAUSE_KNOWN, "A full disk.", ["Error 500", "DiskFull"])


def test_two_who_write_at_once_see_both_and_lose_nothing(cast, fault, dora):
    seen = fresh(fault).version
    actions.edit(fault, by=cast.eve.actor, at=timezone.now(), symptom="A white page.")
    sent = {"title": fault.title, "symptom": "Error 500 after saving.", "severity": "high", "version": seen}
    answer = dora.post(url(fault, "edit/"), sent)
    shown = answer.content.decode()
    assert answer.status_code == 422
    assert shown.count("A white page.") == 1
    assert shown.count("Error 500 after saving.") == 2
    assert fresh(fault).symptom == "A white page."
    sent["version"] = fresh(fault).version
    assert dora.post(url(fault, "edit/"), sent).status_code == 302
    assert fresh(fault).symptom == "Error 500 after saving."


def test_too_many_words_are_refused_and_kept(cast, fault, dora):
    sent = {"title": "x" * 201, "symptom": "KEEPME", "severity": "high", "version": fresh(fault).version}
    answer = dora.post(url(fault, "edit/"), sent)
    assert answer.status_code == 422
    assert "at most 200 characters" in answer.content.decode()
    assert "KEEPME" in answer.content.decode()


def test_moving_is_taken_back_from_the_toast(cast, fault, dora):
    dora.post(url(fault, "move/"), {"state": "released", "fixed_in": "4.19", "reason": "Out."})
    now = fresh(fault)
    assert (now.state, now.fixed_in) == (states.RELEASED, "4.19")
    entry = LedgerEntry.objects.filter(kind="problem.state_changed").latest("pk")
    assert dora.post(f"/console/problems/undo/{entry.pk}/").status_code == 302
    now = fresh(fault)
    assert (now.state, now.released_at, now.fixed_in) == (states.OPEN, None, "")
    assert dora.post(f"/console/problems/undo/{entry.pk}/").status_code == 302


def test_a_move_the_table_does_not_know_is_refused(cast, fault, dora):
    answer = dora.post(url(fault, "move/"), {"state": "watching"})
    assert answer.status_code == 409
    assert fresh(fault).state == states.OPEN


def test_handing_over_gives_the_promise_along(cast, fault):
    emil = signed_in(cast.emil)
    actions.edit(fault, by=cast.emil.actor, at=timezone.now(), **PUBLIC)
    news.publish(fault, by=cast.emil.actor, at=timezone.now(), next_news_at=timezone.now() + HOUR)
    emil.post(url(fault, "hand/"), {"owner": cast.eve.pk, "team": cast.platform.pk, "note": "You know it best."})
    now = fresh(fault)
    assert (now.owner, now.team) == (cast.eve, cast.platform)
    assert promises.pending(fault.about)[0].agent == cast.eve
    assert "You know it best." in page(emil, url(fault))


def test_a_note_is_read_by_colleagues(cast, fault, dora):
    for _twice in range(2):
        dora.post(url(fault, "note/"), {"body": "Seen in March.", "key": "once-only-00000001"})
    assert page(dora, url(fault)).count("Seen in March.") == 1


def test_publishing_shows_the_public_words_and_promises_news(cast, fault):
    emil = signed_in(cast.emil)
    words = {
        "title-en": "Claims page",
        "text-en": "It shows an error.",
        "title-de": "Leistungsseite",
        "text-de": "Fehler.",
    }
    looked = emil.post(url(fault, "public/"), {**words, "do": "preview", "version": fresh(fault).version})
    assert looked.content.decode().count("Leistungsseite") == 2
    assert not fresh(fault).public_titles
    due = timezone.localtime(timezone.now() + 3 * HOUR).strftime("%Y-%m-%dT%H:%M")
    sent = {**words, "do": "publish", "next_news": due, "version": fresh(fault).version}
    assert emil.post(url(fault, "public/"), sent).status_code == 302
    now = fresh(fault)
    assert (now.is_public, now.public_titles["de"]) == (True, "Leistungsseite")
    assert len(promises.pending(fault.about)) == 1
    emil.post(url(fault, "public/"), {**words, "do": "news", "next_news": due, "version": now.version})
    assert fresh(fault).last_news_at is not None
    emil.post(url(fault, "public/"), {"do": "unpublish", "reason": "Fixed."})
    assert not fresh(fault).is_public
    assert promises.pending(fault.about) == []


def test_an_agent_drafts_public_words_but_does_not_publish_them(cast, fault, dora):
    words = {"title-en": "Claims page", "text-en": "It shows an error.", "version": fresh(fault).version}
    assert dora.post(url(fault, "public/"), {**words, "do": "publish"}).status_code == 403
    assert dora.post(url(fault, "public/"), {**words, "do": "save"}).status_code == 302
    news.publish(fault, by=cast.emil.actor, at=timezone.now())
    assert dora.post(url(fault, "public/"), {**words, "do": "save"}).status_code == 403


def test_a_time_that_has_passed_is_refused_and_the_words_are_kept(cast, fault):
    sent = {"title-en": "KEEPME", "text-en": "x", "do": "publish", "next_news": "2020-01-01T10:00"}
    answer = signed_in(cast.emil).post(url(fault, "public/"), {**sent, "version": fresh(fault).version})
    assert answer.status_code == 422
    assert "KEEPME" in answer.content.decode()
    assert not fresh(fault).is_public


def test_members_leave_split_off_and_come_back(cast, fault, case, dora):
    dora.post(url(fault, "leave/"), {"report": case.pk})
    assert queries.problem_of(case) is None
    left = LedgerEntry.objects.filter(kind="problem.left").latest("pk")
    dora.post(f"/console/problems/undo/{left.pk}/")
    assert queries.problem_of(case) == fault
    dora.post(url(fault, "split/"), {"member": [case.pk], "title": "Only on phones"})
    other = Problem.objects.get(title="Only on phones")
    assert queries.problem_of(case) == other
    split = LedgerEntry.objects.filter(kind="problem.split").latest("pk")
    dora.post(f"/console/problems/undo/{split.pk}/")
    assert queries.problem_of(case) == fault
    assert fresh(other).withdrawn_at
    assert dora.get(url(other)).status_code == 404


def test_merging_is_for_leads_and_taken_back_whole(cast, fault, case, dora):
    other = actions.open_problem("The same, as it proved", by=cast.dora.actor, at=timezone.now())
    assert dora.post(url(fault, "merge/"), {"into": other.number}).status_code == 403
    emil = signed_in(cast.emil)
    assert "There is no problem of that number" in emil.post(url(fault, "merge/"), {"into": "PRB-999"}).content.decode()
    assert emil.post(url(fault, "merge/"), {"into": other.number}).status_code == 302
    assert "proved to be the same" in page(emil, url(fault))
    assert queries.problem_of(case) == other
    emil.post(url(fault, "unmerge/"))
    assert queries.problem_of(case) == fault


def test_the_way_back_from_a_toast_takes_the_same_right(cast, fault, case, dora):
    other = actions.open_problem("Another", by=cast.dora.actor, at=timezone.now())
    membership.merge(fault, other, by=cast.emil.actor, at=timezone.now())
    entry = LedgerEntry.objects.filter(kind="problem.merged").latest("pk")
    assert dora.post(f"/console/problems/undo/{entry.pk}/").status_code == 409
    assert queries.problem_of(case) == other


def test_triage_joins_opens_and_links(cast, case, dora):
    at = timezone.now()
    known = actions.open_problem("Saving fails with 500", by=cast.dora.actor, at=at)
    shown = page(dora, f"/console/reports/{case.pk}/triage/", q="saving")
    assert known.number in shown
    assert dora.post(f"/console/reports/{case.pk}/triage/join/", {"problem": known.number}).status_code == 302
    assert queries.problem_of(case) == known
    assert known.title in page(dora, f"/console/reports/{case.pk}/")
    assert dora.post(f"/console/reports/{case.pk}/triage/leave/", headers=PART).status_code == 200
    assert queries.problem_of(case) is None
    assert dora.post(f"/console/reports/{case.pk}/triage/open/", {"title": " "}).status_code == 422
    dora.post(f"/console/reports/{case.pk}/triage/open/", {"title": "Saving fails for all"})
    assert queries.problem_of(case).title == "Saving fails for all"


def test_a_number_nobody_has_is_said_beside_the_list(cast, case, dora):
    answer = dora.post(f"/console/reports/{case.pk}/triage/join/", {"problem": "PRB-77"})
    assert answer.status_code == 422
    assert "There is no problem of that number" in answer.content.decode()


def test_the_palette_leads_to_the_problems(cast, fault, dora):
    found = dora.get("/console/palette/", {"q": "problem"}).json()["results"]
    assert "/console/problems/" in [one["url"] for one in found]


def test_the_account_names_the_problem_of_each_open_report(cast, fault, dora):
    assert fault.title in page(dora, f"/console/contacts/{cast.ana.key}/")


def test_the_pareto_counts_what_the_rows_say(cast, fault, dora):
    for n in range(3):
        report = file_report(cast, timezone.now(), key=f"pareto-{n}")
        membership.join(fault, report, by=cast.dora.actor, at=timezone.now())
    other = actions.open_problem("Less common", by=cast.dora.actor, at=timezone.now())
    membership.join(other, file_report(cast, timezone.now(), key="pareto-x"), by=cast.dora.actor, at=timezone.now())
    lines = list(csv.DictReader(dora.get("/console/problems/insight/table/").content.decode("utf-8-sig").splitlines()))
    for line in lines:
        key = int(line["problem"].removeprefix("PRB-"))
        members = Membership.objects.filter(problem=key, left_at=None)
        assert int(line["reports"]) == members.count()
        assert int(line["people"]) == members.values("report__contact").distinct().count()
    assert [line["problem"] for line in lines] == [fault.number, other.number]
    assert (lines[0]["cumulative"], lines[1]["cumulative"]) == ("0.8333", "1.0000")
    shown = page(dora, "/console/problems/insight/", days="7", by="people")
    assert "Europe/Berlin" in shown
    assert f"problem:{fault.number}" in shown
    assert "That is no period" in page(dora, "/console/problems/insight/", days="soon")
    assert "Nothing to compare" in page(dora, "/console/problems/insight/?from=2020-01-01&to=2020-01-02")


def test_the_screen_of_triage_shows_the_key_of_each_decision(cast, fault, case, dora):
    shown = page(dora, f"/console/reports/{case.pk}/triage/")
    for command in ("take_out", "split_off", "open_problem", "same_report"):
        assert f'data-command="{command}"' in shown
    assert "<kbd>T</kbd>" in shown
    alone = page(dora, f"/console/reports/{file_report(cast, timezone.now(), key='alone-1').pk}/triage/")
    assert 'data-command="take_out"' not in alone
    assert 'data-command="pick_6"' in alone


def test_each_decision_of_triage_offers_one_undo(cast, fault, case, dora):
    base = f"/console/reports/{case.pk}/"

    def undo_in(answer):
        assert answer.status_code == 302
        return re.search(r'data-undo="([^"]+)"', page(dora, answer.url))[1]

    before = list(Membership.objects.filter(left_at=None).values())
    for deed in ("triage/leave/", "triage/split/", "triage/open/"):
        told = {"title": "Something else"}
        address = undo_in(dora.post(base + deed, told))
        assert queries.problem_of(case) != fault
        dora.post(address, headers=PART)
        assert list(Membership.objects.filter(left_at=None).values()) == before
    assert [one.number for one in visible_problems(cast.ada)] == [fault.number]


def test_what_belongs_to_a_hidden_problem_is_not_drawn_into_another(cast, fault, case, dora):
    other = file_report(cast, timezone.now(), key="open-to-all-1")
    actions.protect(fault, True, by=cast.emil.actor, at=timezone.now(), reason="Names a member.")
    actions.hand_to(fault, by=cast.emil.actor, at=timezone.now(), team=cast.platform, owner=None)
    for one, with_it in ((other, case), (case, other)):
        refused = dora.post(f"/console/reports/{one.pk}/triage/with/", {"other": with_it.number}, headers=PART)
        assert refused.status_code == 409
    assert queries.problem_of(case) == fault


def test_a_note_removed_in_a_tracker_says_so_and_folds_what_it_said(cast, fault, dora):
    at, noor = timezone.now(), Actor("system", None, "Noor (Tracker)")
    note = actions.note(fault, "It is the cache.", by=noor, at=at)
    note.removed_by = "kay"
    note.save()
    assert "Removed in the tracker" not in page(dora, url(fault))
    actions.remove(note, by=Actor("system", None, "kay (Tracker)"), at=at)
    shown = page(dora, url(fault))
    assert "Removed in the tracker by kay." in shown
    assert "<summary>What it said</summary>" in shown.split("It is the cache.")[0][-120:]
    assert "removed a note where it was written" in shown


def test_a_state_nobody_has_is_answered_with_each_that_there_is_once(dora):
    shown = page(dora, "/console/problems/", q="state:banana")
    assert "state:banana is left out. After state: stands one of open, investigating, cause_known," in shown


def test_resolving_what_is_public_asks_for_the_last_word(cast, fault, dora):
    emil, now = signed_in(cast.emil), timezone.now()
    assert "last_en" not in page(emil, url(fault))
    actions.edit(fault, by=cast.emil.actor, at=now, **PUBLIC)
    news.publish(fault, by=cast.emil.actor, at=now, next_news_at=now + HOUR)
    assert 'name="last_en"' in page(emil, url(fault))
    shown = page(dora, url(fault))
    assert 'name="last_en"' not in shown
    assert "a lead resolves it with the last word" in shown
    refused = emil.post(url(fault, "move/"), {"state": "resolved"})
    assert "The public was promised news of it" in refused.content.decode()
    assert fresh(fault).state == "open"
    emil.post(url(fault, "move/"), {"state": "resolved", "last_en": "It works again."})
    done = fresh(fault)
    assert (done.state, done.public_texts, done.next_news_at) == ("resolved", {"en": "It works again."}, None)
    assert promises.pending(fault.about) == []
