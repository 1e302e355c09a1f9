"""Compensation: proposing, deciding, and what a till or a billing system tells of it."""

from datetime import datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.utils.translation import get_language
from ninja import Query
from pydantic import BaseModel, Field, StringConstraints

from makegood.doors.api import problems
from makegood.doors.api.area import Area, caller
from makegood.doors.api.fields import Line, Reason, ReportNumber, Slug, Taken, Words
from makegood.doors.api.finding import report_of
from makegood.doors.api.paging import Listed, Paging, listed, walk
from makegood.lib.money import Money, NotMoney, read
from makegood.life.compensation import access, budgets, deciding, explain, figures, letters, policies, settling, states
from makegood.life.compensation import proposing as proposals
from makegood.life.compensation.facts import facts_of
from makegood.life.compensation.models import Compensation, Policy

area = Area("Compensation", "What is given for what went wrong: propose, decide, redeem, what was given.")

State = Literal["proposed", "approved", "issued", "redeemed", "declined", "expired", "reversed"]
Month = Annotated[str, StringConstraints(strict=True, pattern=r"^20\d\d-(0[1-9]|1[0-2])$")]
Currency = Annotated[str, StringConstraints(strict=True, pattern=r"^[A-Z]{3}$")]
Value = Annotated[
    str,
    StringConstraints(strict=True, pattern=r"^\d{1,16}(\.\d{1,4})?$"),
    Field(description="In major units, as text: `12.50`.", examples=["12.50"]),
]


class MoneyOut(BaseModel):
    """Count in ``minor``; ``value`` is the same in major units, as text."""

    minor: int
    currency: str
    exponent: int
    value: str


class CompensationStepOut(BaseModel):
    """One thing that happened. Never changed, never deleted."""

    state: State
    at: datetime
    by: Annotated[str, Field(description="agent, contact or system.")]
    name: str
    reason: str
    is_automatic: bool
    over_budget: bool


class CompensationRow(BaseModel):
    key: str
    state: State
    kind: str
    amount: Annotated[MoneyOut | None, Field(description="null: words or work.")]
    days: int
    what: Annotated[str, Field(description="In words, in the language asked for.")]
    report: str
    problem: str | None
    customer: Annotated[str | None, Field(description="The key of the contact.")]
    policy: Annotated[str, Field(description="Its short name and version: `long-outage@3`.")]
    failure: Annotated[int, Field(description="The how manyeth time this cause failed this customer.")]
    is_related: Annotated[bool, Field(description="The customer looks like one of us.")]
    proposed_at: datetime
    offer_until: datetime | None
    redeem_until: datetime | None


class OwedCompensation(CompensationRow):
    owed: Annotated[
        Literal["decision", "answer", "redemption"],
        Field(description="Ours to decide; the customer's yes or no; to be redeemed or carried out."),
    ]
    by: Annotated[datetime | None, Field(description="Until when: promised, or how long it stands.")]


class CompensationOut(CompensationRow):
    reasons: Annotated[list[str], Field(description="How it came about, in sentences.")]
    letter: str
    entries: list[CompensationStepOut]


class ChoiceOut(BaseModel):
    """A policy that fits, and what it comes to by itself."""

    policy: str
    name: str
    kind: str
    form: str
    tier: int
    amount: Annotated[MoneyOut | None, Field(description="null where somebody must say more, and for words or work.")]
    days: int
    why_not: Annotated[str, Field(description="Why nothing comes of it now; empty if something does.")]


class MonthOut(BaseModel):
    month: str
    spent: MoneyOut
    budget: MoneyOut | None
    percent: int
    is_alarming: bool
    is_used_up: bool


class GivenOut(BaseModel):
    month: str
    name: Annotated[str, Field(description="`problem:12`, `report:7`, or who approved; empty: by policy.")]
    amount: MoneyOut
    count: int


class Which(Paging):
    state: Annotated[State | None, Field(description="Only those that stand there.")] = None


class WhichGiven(BaseModel):
    since: Month
    until: Month
    currency: Currency
    by: Literal["cause", "approver"] = "cause"


class ProposalIn(Taken):
    policy: Slug
    minutes: Annotated[
        int | None, Field(ge=0, le=10_000_000, strict=True, description="Out for so long, if you know better.")
    ] = None
    stated: Annotated[Value | None, Field(description="The amount a share is of.")] = None
    amount: Annotated[Value | None, Field(description="Another amount, within the policy's bounds.")] = None
    why: Annotated[Reason, Field(description="Needed for another amount.")] = ""
    letter: Annotated[
        str, StringConstraints(strict=True, max_length=letters.LONGEST), Field(description="Empty: the script.")
    ] = ""


class ApprovalIn(Taken):
    reason: Annotated[str, StringConstraints(strict=True, max_length=2000)] = ""
    over_budget: Annotated[
        str,
        StringConstraints(strict=True, max_length=2000),
        Field(description="Why it goes over the month's budget; admins only."),
    ] = ""


class WhyIn(Taken):
    reason: Annotated[Words, Field(max_length=2000)]


class DoneIn(Taken):
    reference: Annotated[Line, Field(description="Of the order or booking.")] = ""


class CodeIn(DoneIn):
    code: Annotated[str, StringConstraints(strict=True, min_length=1, max_length=200)]


@area.get("/compensations", scope="compensation:read", action="compensation.view", ok=Listed[CompensationRow])
def list_compensations(request: HttpRequest, which: Query[Which]) -> Any:
    """List compensations, newest first."""
    rows, after = walk(request, access.listed(caller(request).agent, which.state or ""), which, falling=True)
    return listed(request, rows, after, _row, CompensationRow)


@area.get("/compensations/owed", scope="compensation:read", action="compensation.view", ok=Listed[OwedCompensation])
def list_owed(request: HttpRequest, which: Query[Paging]) -> Any:
    """List what is owed or promised and not over, newest first: by whom it waits, and until when."""
    rows, after = walk(request, access.owed(caller(request).agent), which, falling=True)
    decided_by = access.decided_by(rows)
    return listed(request, rows, after, lambda one: _owed(one, decided_by), OwedCompensation)


@area.get("/compensations/budgets", scope="compensation:read", action="compensation.figures", ok=Listed[MonthOut])
def list_budgets(request: HttpRequest) -> Any:
    """List the present month of every currency that has rules."""
    return Listed[MonthOut](items=[_month(one) for one in budgets.months_now(at=caller(request).now)], next=None)


@area.get("/compensations/given", scope="compensation:read", action="compensation.figures", ok=Listed[GivenOut])
def list_given(request: HttpRequest, which: Query[WhichGiven]) -> Any:
    """List what was given, by month and cause or approver, in one currency."""
    try:
        Money(0, which.currency)
    except NotMoney:
        raise problems.invalid("query/currency", "There is no such currency.") from None
    rows = figures.by(which.by, since=which.since, until=which.until, currency=which.currency)
    shown = [GivenOut(month=one.month, name=one.name, amount=money_out(one.amount), count=one.count) for one in rows]
    return Listed[GivenOut](items=shown, next=None)


@area.get("/compensations/{key}", scope="compensation:read", action="compensation.view", ok=CompensationOut)
def read_compensation(request: HttpRequest, key: Slug) -> Any:
    """Read a compensation, with its reasons and everything that happened to it."""
    return _out(access.access_compensation(caller(request).agent, key))


@area.get(
    "/reports/{number}/compensations/choices",
    scope="compensation:read",
    action="compensation.propose",
    ok=Listed[ChoiceOut],
)
def list_choices(request: HttpRequest, number: ReportNumber) -> Any:
    """List what fits for a report, the best first."""
    report, who = report_of(request, number), caller(request)
    facts = facts_of(report, at=who.now)
    shown = []
    for policy in policies.fitting(facts, by_hand=True):
        found, why_not = None, ""
        try:
            found = proposals.computed(policy, facts, contact=report.contact_id, at=who.now)
        except (proposals.NeedsFact, proposals.NothingLeft) as no:
            why_not = str(no)
        shown.append(_choice(policy, found, why_not))
    return Listed[ChoiceOut](items=shown, next=None)


@area.post(
    "/reports/{number}/compensations",
    scope="compensation:write",
    action="compensation.propose",
    ok=CompensationOut,
    status=201,
)
def propose_compensation(request: HttpRequest, number: ReportNumber, body: ProposalIn) -> Any:
    """Propose what a policy gives; somebody decides, and a decision is promised."""
    report, who = report_of(request, number), caller(request)
    policy = Policy.objects.filter(slug=body.policy, is_current=True).first()
    if policy is None:
        raise problems.invalid("#/policy", "There is no such policy.")
    wish: proposals.Wish = {"why": body.why, "letter": body.letter, "minutes": body.minutes}
    wish |= {"stated": _money(body.stated, policy, "stated"), "amount": _money(body.amount, policy, "amount")}
    made = proposals.propose(report, policy, by=who.actor, at=who.now, **wish)
    return _again(request, made)


@area.post(
    "/compensations/{key}/approve", scope="compensation:write", action="compensation.approve", ok=CompensationOut
)
def approve_compensation(request: HttpRequest, key: Slug, body: ApprovalIn) -> Any:
    """Approve: the customer is offered it. Above a limit never by whoever proposed it."""
    who = caller(request)
    found = access.access_compensation(who.agent, key)
    deciding.approve(found, by=who.agent, at=who.now, **body.model_dump())
    return _again(request, found)


@area.post(
    "/compensations/{key}/decline", scope="compensation:write", action="compensation.approve", ok=CompensationOut
)
def decline_compensation(request: HttpRequest, key: Slug, body: WhyIn) -> Any:
    """Decline, with the reason; the customer hears nothing."""
    who = caller(request)
    found = access.access_compensation(who.agent, key)
    deciding.decline(found, by=who.actor, at=who.now, reason=body.reason)
    return _again(request, found)


@area.post(
    "/compensations/{key}/carried-out", scope="compensation:write", action="compensation.redeem", ok=CompensationOut
)
def carry_out_compensation(request: HttpRequest, key: Slug, body: DoneIn) -> Any:
    """Say that what takes no code was paid, credited, extended or done again."""
    who = caller(request)
    found = access.access_compensation(who.agent, key)
    settling.carry_out(found, by=who.actor, at=who.now, reference=body.reference)
    return _again(request, found)


@area.post(
    "/compensations/{key}/reverse", scope="compensation:write", action="compensation.reverse", ok=CompensationOut
)
def reverse_compensation(request: HttpRequest, key: Slug, body: WhyIn) -> Any:
    """Take it back, with the reason; a code stops working at once."""
    who = caller(request)
    found = access.access_compensation(who.agent, key)
    settling.reverse(found, by=who.actor, at=who.now, reason=body.reason)
    return _again(request, found)


@area.post("/vouchers/redeem", scope="compensation:write", action="compensation.redeem", ok=CompensationRow)
def redeem_voucher(request: HttpRequest, body: CodeIn) -> Any:
    """Redeem a code a customer shows. It works once."""
    who = caller(request)
    done = settling.redeem_code(body.code, by=who.actor, at=who.now, reference=body.reference)
    return _row(Compensation.objects.select_related("contact", "policy").get(pk=done.pk))


def money_out(money: Money) -> MoneyOut:
    return MoneyOut(minor=money.minor, currency=money.currency, exponent=money.exponent, value=money.plain())


def _again(request: HttpRequest, found: Compensation) -> CompensationOut:
    return _out(access.access_compensation(caller(request).agent, found.key))


def _row(one: Compensation) -> CompensationRow:
    return CompensationRow(**_plain(one))


def _owed(one: Compensation, decided_by: dict[int, datetime]) -> OwedCompensation:
    waits = {
        states.PROPOSED: ("decision", decided_by.get(one.pk)),
        states.APPROVED: ("answer", one.offer_until),
        states.ISSUED: ("redemption", one.redeem_until),
    }
    owed, by = waits[one.state]
    return OwedCompensation(**_plain(one), owed=owed, by=by)  # type: ignore[arg-type]


def _out(one: Compensation) -> CompensationOut:
    entries = [
        CompensationStepOut(
            by=entry.actor_kind,
            name=entry.actor_name,
            **{name: getattr(entry, name) for name in ("state", "at", "reason", "is_automatic", "over_budget")},
        )
        for entry in one.entries.all()
    ]
    reasons = explain.reasons(one, get_language() or "en")
    return CompensationOut(**_plain(one), reasons=reasons, letter=one.letter, entries=entries)


def _plain(one: Compensation) -> dict[str, Any]:
    names = ("key", "state", "kind", "days", "failure", "is_related", "proposed_at", "offer_until", "redeem_until")
    return {
        **{name: getattr(one, name) for name in names},
        "amount": money_out(one.amount) if one.amount else None,
        "what": letters.what(one.kind, one.amount, one.days, language=get_language() or "en"),
        "report": f"MG-{one.number}",
        "problem": f"PRB-{one.problem_id}" if one.problem_id else None,
        "customer": one.contact.key if one.contact else None,
        "policy": f"{one.policy.slug}@{one.policy.version}",
    }


def _choice(policy: Policy, found: proposals.Computed | None, why_not: str) -> ChoiceOut:
    amount = money_out(found.amount) if found and found.amount else None
    names = ("name", "kind", "form", "tier")
    plain = {name: getattr(policy, name) for name in names}
    return ChoiceOut(policy=policy.slug, **plain, amount=amount, days=found.days if found else 0, why_not=why_not)


def _month(month: budgets.Month) -> MonthOut:
    names = ("month", "percent", "is_alarming", "is_used_up")
    budget = money_out(month.budget) if month.budget is not None else None
    return MonthOut(**{name: getattr(month, name) for name in names}, spent=money_out(month.spent), budget=budget)


def _money(text: str | None, policy: Policy, field: str) -> Money | None:
    if text is None:
        return None
    try:
        return read(text, policy.currency)
    except NotMoney:
        raise problems.invalid(f"#/{field}", "The policy's currency has no such amount.") from None
