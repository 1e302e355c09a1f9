"""When a form of the console is refused: the sentence on top leads to the field, stands beside it, nothing is lost."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from makegood.life.aftercare import actions as aftercare
from makegood.life.aftercare.models import FollowUp
from makegood.life.diagnosis.models import Question
from makegood.life.people.models import Team
from tests.doors.console.report_cast import url

PAST = (timezone.now() - timedelta(days=3)).strftime("%Y-%m-%dT%H:%M")
CASES = [
    ("phone", {"phone": "0301"}, "what"),
    ("phone", {"what": "White page"}, "phone-number"),
    ("phone", {"what": "White page", "phone": "12"}, "phone-number"),
    ("phone", {"what": "White page", "phone": "030 123456, ask for her sister if nobody is there"}, "phone-number"),
    ("phone", {"what": "White page", "phone": "030 12345", "email": "ana at example"}, "email"),
    ("escalate", {"body": "Until {{ promised_time }}.", "reason": "They cannot work"}, "e-team"),
    ("escalate", {"body": "Until {{ promised_time }}.", "team": "platform"}, "e-reason"),
    ("escalate", {"body": "{{ nonsense }}", "team": "platform", "reason": "urgent"}, "e-body"),
    ("escalate", {"body": "Soon {{ promised_time }}", "team": "platform", "reason": "x", "next_at": PAST}, "e-next"),
    ("ask", {"body": "Please tell us more."}, "ask-questions"),
    ("ask", {"body": "{{ nonsense }}", "question": "first"}, "ask-body"),
    ("ask", {"body": "Please", "question": "first", "next_at": "yesterday"}, "ask-next"),
    ("solve", {"cause": "A full disk."}, "s-solution"),
    ("solve", {"solution": "We made room."}, "s-cause"),
    ("solve", {"cause": "c", "solution": "s", "words": "{{ nonsense }}"}, "s-words"),
    ("follow-up", {}, "f-way"),
    ("follow-up", {"way": "call"}, "f-outcome"),
    ("follow-up", {"way": "call", "outcome": "works", "words": "{{ nonsense }}"}, "f-words"),
]


@pytest.fixture
def send(dora, case, cast):
    """Send a form of one of the pages; gives the answer."""

    def post(form, fields):
        if form == "follow-up":
            aftercare.solve(case, cause="c", solution="s", by=cast.dora.actor, at=timezone.now())
        if form == "escalate" and "team" not in fields:
            Team.objects.update(is_technical=False)
        fields = dict(fields)
        if fields.get("team"):
            fields["team"] = str(cast.platform.pk)
        if fields.get("question"):
            known = Question.objects.filter(is_active=True).exclude(kind="file")
            fields["question"] = known.order_by("position").last().slug
        address = "/console/phone/" if form == "phone" else url(case, f"{form}/")
        return dora.post(address, fields)

    return post


@pytest.mark.parametrize(("form", "fields", "place"), CASES)
def test_the_summary_leads_to_the_field(send, form, fields, place):
    answer = send(form, fields)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "<title>Error:" in page
    summary = re.search(r'data-error-summary>.*?<li><a href="#([\w-]+)">([^<]+)</a>', page, re.DOTALL)
    assert summary, page[page.find("error-summary") :][:300]
    assert summary[1] == place
    beside = re.search(rf'id="{place}-error"><span class="hush">Error: </span>([^<]+)<', page)
    assert beside
    assert beside[1] == summary[2]
    assert f'id="{place}"' in page
    for value in fields.values():
        if value not in ("platform", "first", "call", "works"):
            assert value in page, value


def test_a_follow_up_by_mail_says_our_own_words(dora, case, cast):
    aftercare.solve(case, cause="c", solution="s", by=cast.dora.actor, at=timezone.now())
    sent = {"way": "mail", "outcome": "no_answer", "notes": "Second try", "words": "Does it work for you now, Ana?"}
    assert dora.post(url(case, "follow-up/"), sent).status_code == 302
    row = FollowUp.objects.get()
    assert row.notes == "Second try"
    assert row.message.body.startswith("Does it work for you now, Ana?")
