"""The living style page at /console/style/: every component in every state, for staff who build screens."""

from datetime import timedelta

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache

from makegood.doors.ui import rings

_ROWS = (
    # number, state, minutes until due, severity, title, contact, agent, minutes old, unread, duplicates
    (
        1042,
        "broken",
        -15,
        "critical",
        "Claim form: “Something went wrong” after Submit",
        "Ana Alvarez",
        "",
        190,
        True,
        3,
    ),
    (1039, "at_risk", 12, "high", "Cannot sign in since this morning", "Ben Brandt", "Dora Dahl", 260, True, 0),
    (
        1051,
        "running",
        55,
        "high",
        "Provider search shows no results near 79098",
        "Cem Celik",
        "Dora Dahl",
        30,
        False,
        12,
    ),
    (1047, "running", 125, "medium", "My daughter is missing from “My family”", "Imke Janssen", "", 90, False, 0),
    (1033, "paused", 600, "medium", "Letter of 3 November will not open", "Noor Haddad", "Emil Ek", 2900, False, 0),
    (1029, "running", 1500, "low", "Logo is cut off on the start page", "Pat Quinn", "Dora Dahl", 4400, False, 1),
    (1018, "kept", -60, "low", "Wrong price shown for dental plan", "Sam Okafor", "Eve Eriksen", 11000, False, 0),
)


class SampleForm(forms.Form):
    what = forms.CharField(
        label="What happened?",
        help_text="Write it as you would tell a friend. No health details, please: we do not need them.",
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Tell us what happened, one sentence is enough."},
    )
    email = forms.EmailField(
        label="E-mail address",
        help_text="Only to send you news of this report.",
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        error_messages={"invalid": "Write an e-mail address in the form name@example.org."},
    )
    effect = forms.ChoiceField(
        label="How much does it stop you?",
        widget=forms.RadioSelect,
        choices=[("stop", "I cannot do it at all"), ("way", "I found another way"), ("ugly", "It only looks wrong")],
        required=False,
    )
    team = forms.ChoiceField(label="Team", choices=[("", "Choose"), ("p", "Portal platform")], required=False)
    again = forms.BooleanField(label="It happened more than once", required=False)


@never_cache
@login_required
def page(request: HttpRequest) -> HttpResponse:
    """Draw every component; ``?mode=portal`` shows the portal's sizes. Takes no input but that."""
    now = timezone.now()
    rows = [
        {
            "number": number,
            "state": state,
            "due_at": now + timedelta(minutes=minutes),
            "severity": severity,
            "title": title,
            "contact": contact,
            "agent": agent,
            "received_at": now - timedelta(minutes=old),
            "unread": unread,
            "duplicates": duplicates,
        }
        for number, state, minutes, severity, title, contact, agent, old, unread, duplicates in _ROWS
    ]
    context = {
        "rows": rows,
        "states": list(rings.WORDS),
        "now": now,
        "soon": now + timedelta(hours=2),
        "yesterday": now - timedelta(hours=26),
        "severities": ["critical", "high", "medium", "low"],
        "tones": ["info", "kept", "risk", "broken", "paused", "note"],
        "colours": ["page", "surface", "sunken", "line", "line-firm", "ink-3", "ink-2", "ink", "accent"],
        "form": SampleForm(),
        "wrong": SampleForm({"email": "ana at example"}, prefix="wrong"),
        "dates": {0: now - timedelta(hours=26), 1: now - timedelta(hours=25), 2: now - timedelta(hours=3)},
        "rail_groups": _rail(),
        "shares": [0.9, 0.6, 0.3, 0.08],
    }
    return render(request, f"ui/style/{'portal' if request.GET.get('mode') == 'portal' else 'console'}.html", context)


page.needs = {"GET": "console.use", "POST": "console.use"}  # type: ignore[attr-defined]


def _rail() -> list[dict[str, object]]:
    return [
        {
            "items": [
                {"name": "What is owed next", "url": "/console/", "icon": "inbox", "count": 41, "current": False},
                {"name": "Mine", "url": "#", "icon": "user", "count": 7},
                {"name": "Late", "url": "#", "icon": "clock", "count": 2, "late": True},
                {"name": "Style", "url": "/console/style/", "icon": "eye", "current": True},
            ]
        },
        {
            "title": "Team views",
            "items": [
                {"name": "Waiting for the reporter", "url": "#", "icon": "pause", "count": 12},
                {"name": "Escalated", "url": "#", "icon": "escalate", "count": 9},
            ],
        },
    ]
