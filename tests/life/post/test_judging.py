"""Every kind of sender, with every key to a thread, verified or not: what shall happen."""

import pytest

from makegood.life.post import judging
from makegood.life.post.judging import (
    AGAIN,
    APPEND,
    BOUNCE,
    DUPLICATE,
    HOLD,
    IGNORE,
    NEW,
    NUMBER,
    SAME,
    SECRET,
    THREAD,
    Claim,
    Facts,
    judge,
)

REPORTER, PARTICIPANT, STRANGER = {"is_reporter": True}, {"takes_part": True}, {}


def outcome(who, by, *, is_verified=False, is_over=False):
    claim = Claim(by, 7, is_over=is_over, **who)
    made = judge(Facts(is_verified=is_verified, claims=(claim,)))
    return made.outcome, made.report


@pytest.mark.parametrize("who", [REPORTER, PARTICIPANT])
@pytest.mark.parametrize("is_verified", [True, False])
def test_the_secret_address_lets_those_speak_who_take_part(who, is_verified):
    assert outcome(who, SECRET, is_verified=is_verified) == (APPEND, 7)


@pytest.mark.parametrize("by", [THREAD, NUMBER])
@pytest.mark.parametrize("who", [REPORTER, PARTICIPANT])
def test_a_message_id_or_a_number_counts_only_for_a_verified_sender(who, by):
    assert outcome(who, by, is_verified=True) == (APPEND, 7)
    assert outcome(who, by, is_verified=False) == (NEW, 7)


@pytest.mark.parametrize("is_verified", [True, False])
def test_a_stranger_with_the_secret_gets_a_report_beside_it_and_is_proposed(is_verified):
    made = judge(Facts(is_verified=is_verified, claims=(Claim(SECRET, 7),)))
    assert (made.outcome, made.report, made.proposes_sender) == (NEW, 7, True)


@pytest.mark.parametrize("is_verified", [True, False])
@pytest.mark.parametrize("by", [THREAD, NUMBER])
def test_a_stranger_without_the_secret_is_held(by, is_verified):
    assert outcome(STRANGER, by, is_verified=is_verified)[0] == HOLD


@pytest.mark.parametrize("is_verified", [True, False])
def test_a_number_that_does_not_exist_is_treated_like_one_that_is_not_theirs(is_verified):
    missing, not_theirs = Claim(NUMBER), Claim(NUMBER, 7)
    judged = [judge(Facts(is_verified=is_verified, claims=(claim,))) for claim in (missing, not_theirs)]
    assert judged[0] == judged[1]


@pytest.mark.parametrize("by", [SECRET, THREAD, NUMBER])
@pytest.mark.parametrize("who", [REPORTER, PARTICIPANT])
def test_long_after_closing_a_new_report_goes_on(who, by):
    assert outcome(who, by, is_verified=True, is_over=True) == (NEW, 7)


def test_the_strongest_claim_that_holds_wins():
    not_theirs, theirs = Claim(SECRET, 7), Claim(THREAD, 8, is_reporter=True)
    assert judge(Facts(is_verified=True, claims=(not_theirs, theirs))).report == 8


def test_without_a_claim_it_is_new():
    assert judge(Facts()).outcome == NEW


@pytest.mark.parametrize("is_verified", [True, False])
def test_mail_in_the_name_of_staff_or_desk_is_held(is_verified):
    assert judge(Facts(is_staff=True, is_verified=is_verified)).outcome == HOLD
    assert judge(Facts(is_ours=True, is_verified=is_verified)).outcome == HOLD
    theirs = (Claim(SECRET, 7, is_reporter=True),)
    assert judge(Facts(is_ours=True, is_verified=is_verified, claims=theirs)).outcome == HOLD


def test_staff_may_forward_what_a_customer_wrote_when_verified():
    assert judge(Facts(is_staff=True, is_forward=True, is_verified=True)).outcome == NEW
    assert judge(Facts(is_staff=True, is_forward=True)).outcome == HOLD


@pytest.mark.parametrize("claims", [(), (Claim(SECRET, 7, is_reporter=True),)])
def test_machines_are_never_answered_whatever_they_know(claims):
    assert judge(Facts(machine="auto-replied", is_verified=True, claims=claims)).outcome == IGNORE
    assert judge(Facts(is_own_mail=True, is_bounce=True, claims=claims)).outcome == IGNORE
    assert judge(Facts(machine="bounce", is_bounce=True, claims=claims)).outcome == BOUNCE


def test_repeats():
    theirs = (Claim(SECRET, 7, is_reporter=True),)
    assert judge(Facts(repeat=SAME, claims=theirs)).outcome == DUPLICATE
    assert judge(Facts(repeat=AGAIN)).outcome == DUPLICATE
    # "Yes" can be the answer to two questions.
    assert judge(Facts(repeat=AGAIN, claims=theirs)).outcome == APPEND


def test_nobody_to_answer():
    assert judge(Facts(has_sender=False)).outcome == HOLD


@pytest.mark.parametrize(
    ("subject", "bare"),
    [
        ("Re: AW: WG: Claims page [MG-12]", "Claims page"),
        ("RE[2]: Fwd: TR : Odp: RV: Page", "Page"),
        ("Отв: 返信：回复: Page", "Page"),
        ("[MG-3] Re: Page", "Page"),
        ("Reading list: broken", "Reading list: broken"),
        ("Re:", ""),
    ],
)
def test_marks_of_answering_are_no_part_of_a_subject(subject, bare):
    assert judging.bare_subject(subject) == bare


def test_numbers_in_subjects():
    assert judging.numbers_in("Re: [MG-12] and mg-7, MG-12") == [12, 7]
    assert judging.numbers_in("OMG-12, MG-12-b, MG-") == []


@pytest.mark.parametrize("email", ["noreply@x.example", "do-not-reply@x.example", "MAILER-DAEMON@x.example"])
def test_machines_addresses_take_part_in_nothing(email):
    assert judging.is_nobody(email)
    assert not judging.is_nobody("nora@x.example")
