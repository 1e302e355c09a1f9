"""The queue: its order, its query language, its pages. Real rows, a fixed moment."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from makegood.doors.console import views_query
from makegood.doors.console.rows import rows_for
from makegood.life.reports import actions, finding, queries
from makegood.life.reports.models import ReadMark
from tests.doors.console.queue_cast import NOW

PARKED = datetime(9000, 1, 1, tzinfo=UTC)


def numbers(seeker, text, **more):
    found = queries.find(seeker, text, now=NOW, **more)
    return [report.pk for report in queries.page(found).reports]


def hints(seeker, text):
    return [hint.text for hint in queries.find(seeker, text, now=NOW).hints]


# Order and pages


def test_what_is_owed_next_comes_first(cast, make):
    later, late, soon = make(hours=5), make(hours=-1), make(hours=1)
    assert numbers(cast.dora, "state:open") == [late.pk, soon.pk, later.pk]


def test_what_waits_for_the_reporter_comes_last(cast, make):
    waiting, owed = make(owed_at=PARKED, owed_state="paused"), make(hours=100)
    assert numbers(cast.dora, "state:open") == [owed.pk, waiting.pk]
    assert numbers(cast.dora, "state:open -owed:paused") == [owed.pk]


def test_pages_follow_one_another_without_gap_or_repeat_even_where_moments_are_equal(cast, make):
    made = [make(hours=1 + i // 4) for i in range(23)]
    found = queries.find(cast.dora, "state:open", now=NOW)
    seen, cursor = [], ""
    while True:
        page = queries.page(found, cursor=cursor, size=5)
        seen += [report.pk for report in page.reports]
        if not page.after:
            break
        cursor = page.after
    assert seen == [report.pk for report in made]


def test_one_can_page_back(cast, make):
    made = [make(hours=i) for i in range(1, 13)]
    found = queries.find(cast.dora, "state:open", now=NOW)
    second = queries.page(found, cursor=queries.page(found, size=5).after, size=5)
    first = queries.page(found, cursor=second.before, backwards=True, size=5)
    assert [r.pk for r in first.reports] == [r.pk for r in made[:5]]
    assert not first.before
    assert first.after


@pytest.mark.parametrize("cursor", ["", "x", "AAAA", "¤", "OTk5OTk5OTk5OTk5OTk5OTk5IDE"])
def test_a_cursor_nobody_can_read_begins_at_the_beginning(cast, make, cursor):
    report = make()
    found = queries.find(cast.dora, "state:open", now=NOW)
    assert [r.pk for r in queries.page(found, cursor=cursor).reports] == [report.pk]


def test_new_ones_come_first_when_open_and_closed_are_mixed(cast, make):
    old = make(received_at=NOW - timedelta(days=9))
    closed = make(state="closed", owed_at=None, closed_at=NOW, received_at=NOW - timedelta(days=2))
    assert numbers(cast.dora, "state:any") == [closed.pk, old.pk]


def test_a_closed_row_shows_what_is_owed_still(cast, make):
    done = make(state="closed", closed_at=NOW, owed_at=None, owed_state="", owed_kind="")
    owed = make(state="closed", closed_at=NOW, hours=-1)
    for report, words in ((done, "ring--kept"), (owed, "ring--broken")):
        (row,) = rows_for(cast.dora, [report], order="owed", now=NOW)
        assert words in row.drawn.due


# The language


@pytest.mark.parametrize(
    ("text", "fits", "does_not"),
    [
        ("state:investigating", {"state": "investigating"}, {}),
        ("state:received,fixing", {"state": "fixing"}, {"state": "solved"}),
        ("state:open -state:solved", {}, {"state": "solved"}),
        ("severity:>=high", {"severity": "high", "severity_rank": 1}, {"severity": "medium"}),
        ("severity:>=2", {"severity": "critical", "severity_rank": 0}, {"severity": "medium"}),
        ("severity:low", {"severity": "low", "severity_rank": 3}, {"severity": "medium"}),
        ("owed:<4h", {"hours": 3}, {"hours": 5}),
        ("owed:late", {"hours": -1}, {"hours": 1}),
        ("owed:>1d", {"hours": 30}, {"hours": 3}),
        ("owed:at_risk", {"owed_state": "at_risk"}, {}),
        ("age:>3d", {"received_at": NOW - timedelta(days=4)}, {"received_at": NOW - timedelta(days=2)}),
        ("age:<2h", {"received_at": NOW - timedelta(hours=1)}, {}),
        ("age:2d..4d", {"received_at": NOW - timedelta(days=3)}, {"received_at": NOW - timedelta(days=5)}),
        ("age:..2d", {}, {"received_at": NOW - timedelta(days=5)}),
        ("received:>3d", {"received_at": NOW - timedelta(days=4)}, {"received_at": NOW - timedelta(days=2)}),
        ("received:<3d", {"received_at": NOW - timedelta(days=2)}, {"received_at": NOW - timedelta(days=4)}),
        ("received:2020-02", {"received_at": datetime(2020, 2, 29, 12, tzinfo=UTC)}, {}),
        ("received:2020-02-01..2020-02-29", {"received_at": datetime(2020, 2, 29, 12, tzinfo=UTC)}, {}),
        ("received:<=2020-02-29", {"received_at": datetime(2020, 2, 29, 12, tzinfo=UTC)}, {}),
        ("received:>2020-02-29", {}, {"received_at": datetime(2020, 2, 29, 12, tzinfo=UTC)}),
        ("-received:..2020", {}, {"received_at": datetime(2020, 2, 29, 12, tzinfo=UTC)}),
        ("severity:high..critical", {"severity": "high", "severity_rank": 1}, {"severity": "medium"}),
        ("severity:..low", {"severity": "low", "severity_rank": 3}, {"severity": "medium"}),
        ("complete:20..45", {"completeness": 40}, {"completeness": 60}),
        ("kind:question", {"kind": "question"}, {}),
        ("escalated:yes", {"is_escalated": True}, {}),
        ("waiting:reporter", {"waiting_for_reporter": True}, {}),
        ("waiting:us", {}, {"waiting_for_reporter": True}),
        ("spoke:reporter", {"last_said_by": "contact"}, {"last_said_by": "agent"}),
        ("reopened:yes", {"reopened_count": 1}, {}),
        ("complete:<50", {"completeness": 40}, {"completeness": 60}),
        ("channel:phone", {"channel": "phone"}, {}),
        ("language:de", {"language": "de"}, {}),
        ("assignee:none", {}, {"assignee": "dora"}),
        ("assignee:me", {"assignee": "dora"}, {}),
        ("assignee:emil", {"assignee": "emil"}, {"assignee": "dora"}),
        ("-assignee:emil", {}, {"assignee": "emil"}),
        ("team:desk", {"team": "desk"}, {"team": "platform"}),
        ("-team:desk", {}, {"team": "desk"}),
        ("team:mine", {"team": "desk"}, {"team": "platform"}),
        ("contact:cem@example.org", {"contact": "cem"}, {}),
        ("contact:cem", {"contact": "cem"}, {}),
        ("snoozed:yes", {"snoozed_until": NOW + timedelta(hours=9)}, {}),
        ("sev:>=high", {"severity": "high", "severity_rank": 1}, {"severity": "medium"}),
    ],
)
def test_each_filter_means_what_it_says(cast, make, text, fits, does_not):
    def facts(given):
        people = {"assignee", "team", "contact"}
        return {name: getattr(cast, value) if name in people else value for name, value in given.items()}

    wanted, other = make(**facts(fits)), make(**facts(does_not))
    query = text if "state:" in text else f"state:open {text}"
    assert numbers(cast.dora, query) == [wanted.pk], other.pk
    assert hints(cast.dora, query) == []


def test_labels_filter_both_ways(cast, make):
    vip, plain = make(), make()
    actions.set_labels(vip, ["VIP"], by=cast.dora.actor, at=NOW)
    assert numbers(cast.dora, "state:open label:vip") == [vip.pk]
    assert numbers(cast.dora, "state:open -label:vip") == [plain.pk]
    assert numbers(cast.dora, "state:open label:none") == [plain.pk]


def test_words_are_looked_up_and_numbers_found(cast, make):
    white, other = make("The claims page stays white"), make("Upload fails")
    for report in (white, other):
        finding.index(report)
    search = finding.ids_with_words
    assert numbers(cast.dora, "state:open claims", search=search) == [white.pk]
    assert numbers(cast.dora, '"stays white"', search=search) == [white.pk]
    assert numbers(cast.dora, f"MG-{other.pk}", search=search) == [other.pk]


def test_words_can_be_left_out_and_meant_in_a_row(cast, make):
    white, login = make("The claims page stays white"), make("The login page: claims it stays white")
    for report in (white, login):
        finding.index(report)
    assert numbers(cast.dora, "state:open claims -login") == [white.pk]
    assert numbers(cast.dora, '"claims page"') == [white.pk]
    assert numbers(cast.dora, 'page -"claims page"') == [login.pk]
    assert numbers(cast.dora, "state:open -login") == [white.pk]
    assert sorted(numbers(cast.dora, "login OR white")) == [white.pk, login.pk]
    assert queries.count(cast.dora, "state:open claims -login", now=NOW) == 1


def test_the_queue_holds_reports_and_says_so(cast, make):
    make()
    assert "holds reports alone" in hints(cast.dora, "state:open in:messages")[0]


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("stat:open", "state:"),
        ("sevrity:high", "severity:"),
        ("state:opne", "state:open"),
        ("severity:hgh", "severity:high"),
        ("state:>open", "state:open"),
        ("owed:soonish", "owed:"),
        ("owed:", "owed:<4h"),
        ("assignee:zoe", "zoe"),
        ("label:nothing-like-it", "nothing-like-it"),
    ],
)
def test_a_slip_gets_a_sentence_and_is_left_out(cast, make, text, meant):
    report = make(assignee=cast.dora)
    assert numbers(cast.dora, f"state:open {text}") == [report.pk]
    said = hints(cast.dora, f"state:open {text}")
    assert len(said) == 1
    assert meant in said[0]


def test_a_pasted_link_or_error_name_is_a_word_to_find(cast):
    from makegood.life.reports.query_language import parse

    for text in ("https://portal.example/claims", "NullPointerException:Foo", "10:32"):
        assert [said.text for said in parse(text).words] == [text]
        assert parse(text).hints == []


def test_an_unknown_filter_is_named_and_never_leaves_an_empty_page_without_reason(client, cast, make):
    make(assignee=cast.dora)
    said = hints(cast.dora, "bananas:3")
    assert len(said) == 1
    assert "There is no filter called bananas" in said[0]
    assert "Did you mean" in said[0]
    client.force_login(cast.dora)
    page = client.get("/console/queue/?q=bananas:3").content.decode()
    assert "There is no filter called bananas" in page
    assert "Without bananas:3" in page


@pytest.mark.parametrize(
    "text", ["", '"', '""', "-", ":", "::::", "state:,", "a" * 5000, "owed:<99999999d", "\x00", "(((", "%_'\";--"]
)
def test_no_input_breaks_it(client, cast, text):
    client.force_login(cast.dora)
    assert client.get("/console/queue/", {"q": text}).status_code == 200


def test_snoozed_ones_are_out_of_sight_until_something_is_late(cast, make):
    make(snoozed_until=NOW + timedelta(days=1))
    late = make(hours=-1, snoozed_until=NOW + timedelta(days=1))
    assert numbers(cast.dora, "state:open") == [late.pk]
    assert len(numbers(cast.dora, "state:open snoozed:any")) == 2


# The page


def test_an_engineer_sees_what_reached_their_team_only(client, cast, make):
    theirs, ours = make("For the platform", team=cast.platform), make("For the desk", team=cast.desk)
    client.force_login(cast.eve)
    page = client.get("/console/queue/").content.decode()
    assert theirs.title in page
    assert ours.title not in page


def test_a_row_says_it_all_in_words(client, cast, make):
    report = make(
        hours=-2, severity="high", severity_rank=1, is_escalated=True, last_said_by="contact", last_said_at=NOW
    )
    make(duplicate_of=report)
    client.force_login(cast.dora)
    page = client.get("/console/queue/?view=late").content.decode()
    for words in (f"MG-{report.pk}", "late 2 h", "High", "escalated", "unread", "nobody", "received", "1 duplicate"):
        assert words in page, words


def test_the_dot_goes_once_it_was_read(client, cast, make):
    report = make(last_said_by="contact", last_said_at=NOW)
    ReadMark.objects.create(report=report, agent=cast.dora, message_id=1, at=NOW)
    client.force_login(cast.dora)
    assert "row--unread" not in client.get("/console/queue/").content.decode()


@pytest.mark.parametrize(
    "address", ["/console/queue/", "/console/queue/rows/?view=owed", "/console/queue/?q=state:open"]
)
def test_the_number_of_queries_does_not_grow_with_the_rows(client, cast, make, address):
    client.force_login(cast.dora)

    def cost():
        views_query.forget_counts()
        with CaptureQueriesContext(
            connection,
        ) as queries_made:
            client.get(address)
        return len(queries_made)

    for _ in range(5):
        make(team=cast.desk, assignee=cast.emil)
    cost()
    few = cost()
    for _ in range(45):
        report = make(team=cast.desk, assignee=cast.emil, contact=cast.ben)
    actions.set_labels(report, ["vip"], by=cast.dora.actor, at=NOW)
    assert cost() == few


def test_an_empty_view_says_that_this_is_good(client, cast):
    client.force_login(cast.dora)
    assert "Nothing is late." in client.get("/console/queue/?view=late").content.decode()


def test_an_empty_filter_offers_to_take_a_part_away(client, cast, make):
    make()
    client.force_login(cast.dora)
    page = client.get("/console/queue/?q=state:open+severity:low").content.decode()
    assert "No report fits" in page
    assert "Without severity:low" in page


def test_the_rail_counts_and_stops_counting(client, cast, make, monkeypatch):
    monkeypatch.setattr(queries, "COUNT_CAP", 3)
    for _ in range(6):
        make()
    client.force_login(cast.dora)
    assert ">3+<" in client.get("/console/queue/").content.decode()
