"""From a proposal to a redeemed code: who may decide, what the database refuses, what the customer sees."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import resolve

from makegood.life.compensation import booking, budgets, deciding, offers, proposing, settling, vouchers
from makegood.life.compensation.models import Compensation, Entry, Voucher
from makegood.life.compensation.rules import Limit
from makegood.life.escalation import wording
from makegood.life.promises.models import Promise
from makegood.life.reports.models import LedgerEntry, OutgoingMail
from tests.again import again
from tests.cast import MONDAY
from tests.life.compensation.story import DAY, HOUR, current, furnish, policy, set_rules, solved

NOW = MONDAY + 4 * HOUR


@pytest.fixture
def report(cast, db):
    return again(lambda: (furnish(cast, MONDAY - DAY), solved(cast, MONDAY))[1])


@pytest.fixture
def proposed(cast, report):
    """Dora proposes 15 euros for three hours: exactly what she may decide alone."""
    return proposing.propose(report, current("hourly"), by=cast.dora.actor, at=NOW)


@pytest.fixture
def large(cast, report):
    """Dora proposes 40 euros: above what she, and any agent, may decide."""
    return proposing.propose(report, current("hourly"), by=cast.dora.actor, at=NOW, minutes=8 * 60)


@pytest.mark.parametrize("say", ["call", "warning"])
def test_whoever_owes_the_decision_is_told_of_which_report_and_led_to_it(report, proposed, say):
    owed = Promise.objects.get(about=proposed.about)
    told = {"language": "en", "zone": "", "now": NOW, **({"whom": "team"} if say == "call" else {})}
    title, text = getattr(wording, say)(owed, None, **told)
    assert title.startswith(f"{report.number}")
    assert "ompensation-" not in title
    path = text.split("\n\n")[-1].partition("/console/")[2]
    found = resolve(f"/console/{path}")
    assert (found.url_name, found.kwargs) == ("compensation", {"key": proposed.key})
    assert wording.named(None, proposed.about) == {"report": report.number}


def states_of(compensation):
    return list(compensation.entries.values_list("state", flat=True))


def kept(report):
    rows = LedgerEntry.objects.filter(report=report, kind__startswith="compensation.").order_by("pk")
    return rows.values_list("kind", flat=True)


def test_a_proposal_says_how_it_came_about_and_promises_a_decision(proposed):
    assert (proposed.minor, proposed.currency, proposed.failure) == (1_500, "EUR", 1)
    assert proposed.steps[0]["units"] == 3
    assert proposed.facts["severity"] == "medium"
    owed = Promise.objects.get(about=proposed.about)
    assert (owed.kind, owed.state) == ("compensation", "open")
    assert "a discount" not in proposed.letter
    assert "€15.00 off your next purchase" in proposed.letter


def test_up_to_ones_limit_one_decides_alone(cast, proposed):
    deciding.approve(proposed, by=cast.dora, at=NOW)
    assert states_of(proposed) == ["proposed", "approved"]
    assert Promise.objects.get(about=proposed.about).state == "kept"
    mail = OutgoingMail.objects.get(purpose="compensation")
    assert mail.to_email == "ana@example.org"
    assert "€15.00 off your next purchase" in mail.text


def test_above_it_the_proposer_is_never_the_approver(cast, large):
    with pytest.raises(deciding.NotForYou):
        deciding.approve(large, by=cast.dora, at=NOW)
    deciding.approve(large, by=cast.emil, at=NOW)
    assert large.state == "approved"


def test_a_lead_who_proposes_above_their_own_limit_needs_another_lead(cast, report):
    policy(cast, NOW, "grand", rate_minor=20_000, trigger="by_hand")
    made = proposing.propose(report, current("grand"), by=cast.emil.actor, at=NOW)
    with pytest.raises(deciding.NotForYou):
        deciding.approve(made, by=cast.emil, at=NOW)
    with pytest.raises(deciding.AboveLimit):
        deciding.approve(made, by=cast.dora, at=NOW)
    deciding.approve(made, by=cast.ada, at=NOW)
    assert made.entries.get(state="approved").limit_minor >= 20_000


def test_engineers_decide_nothing(cast, proposed):
    with pytest.raises(deciding.NotForYou):
        deciding.approve(proposed, by=cast.eve, at=NOW)


def test_whoever_raises_their_role_between_proposing_and_deciding_is_still_the_proposer(cast, large):
    type(cast.dora).objects.filter(pk=cast.dora.pk).update(role="lead")
    cast.dora.refresh_from_db()
    set_rules(cast, NOW, limits={"lead": Limit(0, None)})
    with pytest.raises(deciding.NotForYou):
        deciding.approve(large, by=cast.dora, at=NOW + HOUR)


def forged(compensation, **wrong):
    """An approval written past every verb, as a fault or an intruder in the program might."""
    right = {"state": "approved", "step": 2, "before": "proposed", "currency": "EUR", "minor": compensation.minor}
    right |= {"booked": compensation.minor, "actor_kind": "agent", "actor_name": "?", "at": NOW, "alone_minor": 0}
    right |= {"proposer_id": compensation.entries.get(step=1).proposer_id, "limit_minor": compensation.minor}
    with transaction.atomic():
        return Entry.objects.create(compensation=compensation, **{**right, **wrong})


def test_the_database_refuses_an_approval_by_the_proposer(cast, large):
    with pytest.raises(IntegrityError):
        forged(large, actor_id=cast.dora.pk)


def test_the_database_refuses_an_approval_that_lies_about_the_proposer_or_the_amount(cast, large):
    for wrong in (
        {"actor_id": cast.dora.pk, "proposer_id": None},
        {"actor_id": cast.dora.pk, "proposer_id": cast.emil.pk},
        {"actor_id": cast.emil.pk, "minor": 1, "booked": 1},
        {"actor_id": cast.emil.pk, "booked": 0},
        {"actor_id": cast.emil.pk, "limit_minor": large.minor - 1},
        {"actor_id": cast.emil.pk, "limit_minor": None},
        {"actor_id": cast.emil.pk, "step": 3},
        {"actor_id": cast.emil.pk, "before": "issued"},
        {"actor_id": None},
        {"actor_id": None, "actor_kind": "system"},
        {"actor_id": cast.emil.pk, "is_related": True},
    ):
        with pytest.raises(IntegrityError):
            forged(large, **wrong)
    assert forged(large, actor_id=cast.emil.pk).pk


def test_the_database_refuses_to_change_or_delete_what_happened(proposed):
    for change in (
        lambda rows: rows.update(minor=1),
        lambda rows: rows.update(reason="never"),
        lambda rows: rows.delete(),
        lambda rows: rows._raw_delete(rows.db),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change(Entry.objects.filter(compensation=proposed))
    assert proposed.entries.count() == 1


def test_declining_says_why_and_frees_the_failure_for_another_proposal(cast, report, large):
    with pytest.raises(deciding.NeedsReason):
        deciding.decline(large, by=cast.emil.actor, at=NOW, reason=" ")
    deciding.decline(large, by=cast.emil.actor, at=NOW, reason="Too much.")
    assert Promise.objects.get(about=large.about).state == "kept"
    other = proposing.propose(report, current("hourly"), by=cast.dora.actor, at=NOW, letter="We are sorry, truly.")
    assert other.minor == 1_500
    assert not OutgoingMail.objects.filter(purpose="compensation").exists()


def test_offered_accepted_redeemed_once(cast, report, proposed):
    assert offers.offers_of(report, cast.ana, now=NOW, language="en") == []
    deciding.approve(proposed, by=cast.dora, at=NOW)
    (offer,) = offers.offers_of(report, cast.ana, now=NOW, language="de")
    assert (offer.state, offer.what) == ("open", "15,00\xa0€ Nachlass auf Ihren nächsten Einkauf")
    code = offers.accept(report, cast.ana, offer.key, by=cast.ana.actor, at=NOW + HOUR)
    assert len(vouchers.plain(code)) * 5 >= 128
    assert code.replace("-", "").lower() not in str(list(Voucher.objects.values())).lower()
    with pytest.raises(booking.NotNow):
        offers.accept(report, cast.ana, offer.key, by=cast.ana.actor, at=NOW + HOUR)
    typed = code.lower().replace("-", " ").replace("0", "o").replace("1", "l")
    done = settling.redeem_code(typed, by=cast.dora.actor, at=NOW + DAY, reference="Order 77")
    assert states_of(done) == ["proposed", "approved", "issued", "redeemed"]
    with pytest.raises(settling.NoSuchCode):
        settling.redeem_code(code, by=cast.dora.actor, at=NOW + DAY)
    assert list(kept(report)) == [f"compensation.{state}" for state in states_of(done)]
    assert LedgerEntry.objects.filter(kind="compensation.redeemed", data__compensation__reference="Order 77").exists()


def test_a_lost_code_is_replaced_and_the_lost_one_is_worth_nothing(cast, report, proposed):
    deciding.approve(proposed, by=cast.dora, at=NOW)
    lost = offers.accept(report, cast.ana, proposed.key, by=cast.ana.actor, at=NOW)
    found = offers.new_code(report, cast.ana, proposed.key, by=cast.ana.actor, at=NOW)
    with pytest.raises(settling.NoSuchCode):
        settling.redeem_code(lost, by=cast.dora.actor, at=NOW)
    assert settling.redeem_code(found, by=cast.dora.actor, at=NOW).state == "redeemed"


def test_no_code_is_found_by_nothing(proposed):
    for nothing in ("", "-", "0" * 27, "u" * 28, "0" * 28):
        assert vouchers.of_code(nothing) is None


def test_whoever_is_not_the_reporter_finds_no_offer(cast, report, proposed):
    deciding.approve(proposed, by=cast.dora, at=NOW)
    assert offers.offers_of(report, cast.ben, now=NOW, language="en") == []
    with pytest.raises(offers.NotFound):
        offers.accept(report, cast.ben, proposed.key, by=cast.ben.actor, at=NOW)


def test_a_no_of_the_reporter_frees_the_money(cast, report, proposed):
    deciding.approve(proposed, by=cast.dora, at=NOW)
    assert budgets.spent("EUR", "2026-11") == 1_500
    offers.refuse(report, cast.ana, proposed.key, by=cast.ana.actor, at=NOW, said="No need.")
    assert budgets.spent("EUR", "2026-11") == 0
    assert offers.offers_of(report, cast.ana, now=NOW, language="en")[0].state == "refused"


def test_offers_and_codes_expire_by_the_clock(cast, report, proposed):
    deciding.approve(proposed, by=cast.dora, at=NOW)
    late = NOW + timedelta(days=30)
    assert offers.offers_of(report, cast.ana, now=late, language="en")[0].state == "expired"
    with pytest.raises(settling.TooLate):
        offers.accept(report, cast.ana, proposed.key, by=cast.ana.actor, at=late)
    assert settling.expire_due(late - timedelta(seconds=1)) == 0
    assert settling.expire_due(late) == 1
    assert settling.expire_due(late) == 0
    assert budgets.spent("EUR", "2026-11") == 0


def test_a_code_is_not_redeemed_after_its_time(cast, report, proposed):
    deciding.approve(proposed, by=cast.dora, at=NOW)
    code = offers.accept(report, cast.ana, proposed.key, by=cast.ana.actor, at=NOW)
    late = NOW + timedelta(days=365)
    with pytest.raises(settling.TooLate):
        settling.redeem_code(code, by=cast.dora.actor, at=late)
    assert settling.expire_due(late) == 1
    assert states_of(proposed)[-1] == "expired"


def test_taken_back_is_a_row_of_its_own(cast, report, proposed):
    deciding.approve(proposed, by=cast.dora, at=NOW)
    code = offers.accept(report, cast.ana, proposed.key, by=cast.ana.actor, at=NOW)
    settling.reverse(proposed, by=cast.emil.actor, at=NOW, reason="It was the wrong person.")
    assert states_of(proposed) == ["proposed", "approved", "issued", "reversed"]
    with pytest.raises(settling.NoSuchCode):
        settling.redeem_code(code, by=cast.dora.actor, at=NOW)
    assert offers.offers_of(report, cast.ana, now=NOW, language="en")[0].state == "withdrawn"


def test_what_takes_no_code_is_carried_out(cast, report):
    policy(cast, NOW, "back", kind="refund", trigger="by_hand")
    made = proposing.propose(report, current("back"), by=cast.dora.actor, at=NOW)
    deciding.approve(made, by=cast.dora, at=NOW)
    assert offers.accept(report, cast.ana, made.key, by=cast.ana.actor, at=NOW) == ""
    assert settling.carry_out(made, by=cast.dora.actor, at=NOW, reference="SEPA 1").state == "redeemed"


def test_a_letter_of_apology_is_said_by_being_sent(cast, report):
    policy(cast, NOW, "sorry", kind="letter", trigger="by_hand")
    made = proposing.propose(report, current("sorry"), by=cast.dora.actor, at=NOW)
    deciding.approve(made, by=cast.dora, at=NOW)
    assert states_of(made) == ["proposed", "approved", "issued", "redeemed"]
    assert Compensation.objects.get().amount is None
