"""What the files of others look like, and what of them is understood."""

import json
from datetime import UTC, datetime

import pytest

from makegood.life.transfer import words
from makegood.life.transfer.foreign import ForeignReport, NotUnderstood
from makegood.life.transfer.formats import tables, zammad, zendesk
from makegood.life.transfer.formats.records import Mapping, Unreadable

PLAIN = Mapping()

ZENDESK_TICKET = {
    "id": 4711,
    "raw_subject": "Claims page white",
    "subject": "Claims page white",
    "type": "incident",
    "priority": "urgent",
    "status": "open",
    "requester_id": 1,
    "assignee_id": 2,
    "organization_id": 5,
    "group_id": 6,
    "tags": ["vip"],
    "via": {"channel": "email"},
    "created_at": "2026-03-01T08:00:00Z",
    "updated_at": "2026-03-02T08:00:00Z",
    "comments": [
        {
            "id": 1,
            "author_id": 1,
            "plain_body": "It is white.",
            "public": True,
            "created_at": "2026-03-01T08:00:00Z",
            "attachments": [{"id": 9, "file_name": "a.png", "content_url": "https://example.org/a.png"}],
        },
        {"id": 2, "author_id": 2, "html_body": "<p>We <b>look</b>.</p>", "created_at": "2026-03-01T09:00:00Z"},
        {"id": 3, "author_id": 2, "body": "Old browser?", "public": False, "created_at": "2026-03-01T09:01:00Z"},
    ],
}
ZENDESK_REST = {
    "users": [
        {"id": 1, "name": "Nia", "email": "nia@example.org", "role": "end-user", "locale": "de-DE"},
        {"id": 2, "name": "Dora Dahl", "email": "dora@desk.example", "role": "agent"},
    ],
    "organizations": [{"id": 5, "name": "Acme"}],
    "groups": [{"id": 6, "name": "Member desk"}],
}
ZAMMAD = {
    "tickets": [
        {
            "id": 3,
            "number": "65003",
            "title": "No pictures",
            "group_id": 1,
            "priority_id": 3,
            "state_id": 4,
            "customer_id": 11,
            "owner_id": 12,
            "created_at": "2026-02-01T10:00:00.000Z",
            "close_at": "2026-02-03T10:00:00.000Z",
        }
    ],
    "articles": [
        {
            "id": 21,
            "ticket_id": 3,
            "sender_id": 2,
            "type": "email",
            "from": "Nia N <nia@example.org>",
            "content_type": "text/html",
            "body": "<div>No <i>pictures</i></div>",
            "internal": False,
            "created_by_id": 11,
            "created_at": "2026-02-01T10:00:00.000Z",
            "attachments": [{"id": 77, "filename": "log.txt", "size": "3"}],
        },
        {
            "id": 22,
            "ticket_id": 3,
            "sender_id": 1,
            "type": "note",
            "content_type": "text/plain",
            "body": "cache?",
            "internal": True,
            "created_by_id": 12,
            "created_at": "2026-02-01T11:00:00.000Z",
        },
    ],
    "users": [
        {"id": 11, "login": "nia", "firstname": "Nia", "lastname": "N", "email": "nia@example.org"},
        {"id": 12, "login": "dora", "firstname": "Dora", "lastname": "Dahl", "email": "dora@desk.example"},
    ],
    "groups": [{"id": 1, "name": "Users"}],
}
CSV = """Ticket-Nr;Betreff;Beschreibung;Status;Priorität;Kunde;E-Mail-Adresse;Erstellt;Geschlossen;Laune
7;Seite weiß;"Die Seite bleibt
weiß.";geschlossen;hoch;Nia;nia@example.org;01.02.2026 10:00;03.02.2026;mies
8;;Kein Bild;offen;seltsam;Ole;ole@example.org;2026-02-05;;
9;Ohne Tag;x;offen;hoch;Pia;pia@example.org;;;
"""


def reports(rows):
    return [row for row in rows if isinstance(row, ForeignReport)]


def bad(rows):
    return [row for row in rows if isinstance(row, NotUnderstood)]


def shape(report):
    return [(said.by, said.body, said.is_internal) for said in report.messages]


WHOLE = {**ZENDESK_REST, "tickets": [ZENDESK_TICKET]}
EMBEDDED = {
    **ZENDESK_TICKET,
    "requester": ZENDESK_REST["users"][0],
    "assignee": ZENDESK_REST["users"][1],
    "organization": ZENDESK_REST["organizations"][0],
    "group": ZENDESK_REST["groups"][0],
}


@pytest.mark.parametrize("form", ["whole", "folder", "lines"])
def test_zendesk_in_each_of_its_forms(save, tmp_path, form):
    if form == "whole":
        path = save("z.json", WHOLE)
    elif form == "lines":
        path = save("z.json", json.dumps(EMBEDDED) + "\n\n" + json.dumps({**EMBEDDED, "id": 4712}) + "\nnonsense\n")
    else:
        save("z/tickets.json", json.dumps(ZENDESK_TICKET) + "\n")
        for name, content in ZENDESK_REST.items():
            save(f"z/{name}.json", content)
        path = tmp_path / "z"
    rows = list(zendesk.read(path, PLAIN))
    report = reports(rows)[0]
    assert (report.foreign_id, report.title, report.state, report.severity, report.kind) == (
        "4711",
        "Claims page white",
        "investigating",
        "critical",
        "error",
    )
    assert (report.person.email, report.person.organisation, report.language) == ("nia@example.org", "Acme", "de")
    assert (report.team, report.assignee, report.channel) == ("Member desk", "dora@desk.example", "mail")
    assert shape(report)[0] == ("contact", "It is white.", False)
    assert shape(report)[-1] == ("agent", "Old browser?", True)
    assert report.messages[0].files[0].url == "https://example.org/a.png"
    if form == "lines":
        assert [row.where for row in bad(rows)] == ["line 4"]
        assert len(reports(rows)) == 2
        # The list of people is not there: who wrote is told as far as the ticket tells.
        assert report.messages[1].body == "We look."
    else:
        assert (report.messages[1].name, report.messages[1].body) == ("Dora Dahl", "We look.")


def test_what_zendesk_calls_solved_is_closed_here(save):
    path = save("z.json", {**WHOLE, "tickets": [{**ZENDESK_TICKET, "status": "solved"}]})
    (report,) = zendesk.read(path, PLAIN)
    assert (report.state, report.closed_at) == ("closed", datetime(2026, 3, 2, 8, tzinfo=UTC))


@pytest.mark.parametrize("form", ["whole", "assets", "lines", "folder"])
def test_zammad_in_each_of_its_forms(save, tmp_path, form):
    if form == "whole":
        path = save("m.json", ZAMMAD)
    elif form == "assets":
        names = {"tickets": "Ticket", "articles": "TicketArticle", "users": "User", "groups": "Group"}
        assets = {names[name]: {str(one["id"]): one for one in rows} for name, rows in ZAMMAD.items()}
        path = save("m.json", {"tickets": [3], "assets": assets})
    elif form == "folder":
        for name, rows in ZAMMAD.items():
            save(f"m/{name}.json", rows)
        path = tmp_path / "m"
    else:
        expanded = {
            "customer": "nia@example.org",
            "owner": "dora@desk.example",
            "state": "closed",
            "priority": "3 high",
        }
        ticket = {**ZAMMAD["tickets"][0], **expanded, "group": "Users", "articles": ZAMMAD["articles"]}
        path = save("m.json", json.dumps(ticket) + "\n")
    (report,) = zammad.read(path, PLAIN)
    assert (report.foreign_id, report.title, report.state, report.severity) == ("3", "No pictures", "closed", "high")
    assert (report.person.email, report.assignee) == ("nia@example.org", "dora@desk.example")
    assert report.team == "Users"
    assert shape(report) == [("contact", "No pictures", False), ("agent", "cache?", True)]
    assert report.closed_at == datetime(2026, 2, 3, 10, tzinfo=UTC)
    assert report.messages[0].files[0].path == "77"


def test_a_table_is_guessed_from_its_headings(save):
    rows = list(tables.read(save("t.csv", CSV), Mapping(zone="Europe/Berlin")))
    first, second = reports(rows)
    assert (first.foreign_id, first.title, first.state, first.severity) == ("7", "Seite weiß", "closed", "high")
    assert first.messages[0].body == "Die Seite bleibt\nweiß."
    assert first.received_at == datetime(2026, 2, 1, 9, tzinfo=UTC)
    assert first.closed_at == datetime(2026, 2, 2, 23, tzinfo=UTC)
    assert second.missed == ("severity “seltsam” is unknown; taken as medium",)
    assert [(row.where, "received_at" in row.what) for row in bad(rows)] == [("row 4", True)]


def test_the_mapping_corrects_the_guess(save):
    mapping = Mapping.from_plain(
        {
            "columns": {"Laune": "note", "Kunde": "ignore"},
            "values": {"severity": {"Seltsam": "low"}, "state": {"offen": "cause_found"}},
        }
    )
    first, second = reports(tables.read(save("t.csv", CSV), mapping))
    assert first.messages[-1].is_internal
    assert first.person.name == ""
    assert (second.severity, second.state, second.missed) == ("low", "cause_found", ())


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_tables_of_every_age_are_read(save, encoding):
    first, *_rest = reports(tables.read(save("t.csv", CSV.encode(encoding)), PLAIN))
    assert first.title == "Seite weiß"


@pytest.mark.parametrize("separator", [",", "\t", "|"])
def test_separators_are_found(save, separator):
    text = "id;title;email;created\n1;A;a@example.org;2026-01-01\n".replace(";", separator)
    assert reports(tables.read(save("t.csv", text), PLAIN))[0].foreign_id == "1"


def test_odd_bytes_and_ragged_rows_harm_nobody(save):
    text = b'id,title,email,created\n1,A\x00B,a@example.org,2026-01-01\n\n2,B,b@example.org,2026-01-01,x,y\n3,"open'
    rows = list(tables.read(save("t.csv", text), PLAIN))
    assert [row.title for row in reports(rows)] == ["AB", "B"]
    assert "more cells than headings" in reports(rows)[1].missed
    assert len(bad(rows)) == 1


def test_a_table_without_ids_gives_the_same_ids_each_time(save):
    path = save("t.csv", "title,email,created\nA,a@example.org,2026-01-01\nB,a@example.org,2026-01-01\n")
    first, second = ([row.foreign_id for row in tables.read(path, PLAIN)] for _ in range(2))
    assert first == second
    assert len(set(first)) == 2


@pytest.mark.parametrize("content", ["", "hello", "title;created\nA;2026-01-01\n"])
def test_a_table_that_cannot_be_one_says_what_is_needed(save, content):
    with pytest.raises(Unreadable):
        list(tables.read(save("t.csv", content), PLAIN))


@pytest.mark.parametrize("reader", [zammad.read, zendesk.read])
@pytest.mark.parametrize("content", ["", "<xml/>", "[", '{"a": 1}', "[1, 2]", '{"tickets": 7}', "[" * 100_000])
def test_json_that_is_no_export_is_refused(save, reader, content):
    with pytest.raises(Unreadable):
        list(reader(save("x.json", content), PLAIN))


@pytest.mark.parametrize("reader", [zammad.read, zendesk.read])
def test_rows_of_any_shape_are_named_and_not_fatal(save, reader):
    good = {**ZENDESK_TICKET, "customer_id": 1}
    strange = [{"id": 1}, {"id": 2, "customer_id": 1, "requester_id": 1}, {"title": "x"}]
    rows = list(reader(save("x.json", {"tickets": [*strange, good]}), PLAIN))
    assert len(bad(rows)) == 3
    assert len(reports(rows)) == 1


@pytest.mark.parametrize(
    ("given", "moment"),
    [
        ("2026-03-01T08:00:00Z", datetime(2026, 3, 1, 8, tzinfo=UTC)),
        ("2026-03-01T08:00:00.123+01:00", datetime(2026, 3, 1, 7, 0, 0, 123000, tzinfo=UTC)),
        ("2026-03-01 08:00:00 UTC", datetime(2026, 3, 1, 8, tzinfo=UTC)),
        ("2026-03-01 08:00:00 +0100", datetime(2026, 3, 1, 7, tzinfo=UTC)),
        ("2026-03-01", datetime(2026, 3, 1, tzinfo=UTC)),
        ("1.3.2026 8:00 Uhr", datetime(2026, 3, 1, 8, tzinfo=UTC)),
        ("13/03/2026 08:00", datetime(2026, 3, 13, 8, tzinfo=UTC)),
        ("3/13/2026 8:00 PM", datetime(2026, 3, 13, 20, tzinfo=UTC)),
        ("1772352000", datetime(2026, 3, 1, 8, tzinfo=UTC)),
        ("", None),
    ],
)
def test_moments_as_people_and_machines_write_them(given, moment):
    assert words.moment(given) == moment


@pytest.mark.parametrize("given", ["03/04/2026", "yesterday", "2026-13-01", "0001-01-01", "32.1.2026", "9" * 30])
def test_moments_that_say_nothing_clear_are_refused(given):
    with pytest.raises(words.Unclear):
        words.moment(given)


def test_slashes_are_clear_once_their_order_is_told():
    assert words.moment("03/04/2026", order="dmy") == datetime(2026, 4, 3, tzinfo=UTC)
    assert words.moment("03/04/2026", order="mdy") == datetime(2026, 3, 4, tzinfo=UTC)
