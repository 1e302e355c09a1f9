"""The words to choose from. Triggers and causes are two lists on purpose: what set it off is not why it could happen.

Both follow the taxonomy of a large published study of postmortems (docs/decisions/0026), so that one's own share can be
held against it.
"""

from typing import Any

from django.utils.translation import gettext_lazy as _

Choices = list[tuple[str, Any]]

TRIGGERS: Choices = [
    ("release", _("a release of our software")),
    ("configuration", _("a change of configuration")),
    ("use", _("use: more of it, or of another kind")),
    ("data", _("data that were processed or migrated")),
    ("provider", _("a change at a provider or partner")),
    ("decay", _("slow decay of performance")),
    ("capacity", _("capacity used up")),
    ("hardware", _("hardware or a data centre")),
    ("other", _("something else")),
]
CAUSE_KINDS: Choices = [
    ("software", _("software: it was built so")),
    ("process", _("how we develop and test")),
    ("interplay", _("parts that work alone and not together")),
    ("deployment", _("how we plan and roll out changes")),
    ("network", _("network")),
    ("knowledge", _("something nobody here knew")),
    ("other", _("something else")),
]
DETECTIONS: Choices = [
    ("customer", _("a customer told us")),
    ("monitor", _("our monitoring saw it")),
    ("colleague", _("a colleague saw it")),
    ("partner", _("a partner or provider told us")),
]

FACT, CONDITION, DECISION, MISSING = "fact", "condition", "decision", "missing"
NODE_KINDS: Choices = [
    (FACT, _("fact")),
    (CONDITION, _("condition")),
    (DECISION, _("decision")),
    (MISSING, _("missing control")),
]
OCCURRENCE, ESCAPE, SPREAD, SLOW = "occurrence", "escape", "spread", "slow"
ROADS: Choices = [
    (OCCURRENCE, _("why it happened")),
    (ESCAPE, _("why it was not caught")),
    (SPREAD, _("why it spread")),
    (SLOW, _("why it took long to mend")),
]
CONFIDENCES: Choices = [("sure", _("shown by evidence")), ("likely", _("likely")), ("guess", _("a guess"))]

CONTAIN, CORRECT, PREVENT, DETECT, COMMUNICATE = "contain", "correct", "prevent", "detect", "communicate"
ACTION_KINDS: Choices = [
    (CONTAIN, _("contain: stop the harm now")),
    (CORRECT, _("correct: mend this fault")),
    (PREVENT, _("prevent: make it impossible or unlikely")),
    (DETECT, _("detect: notice it before a customer does")),
    (COMMUNICATE, _("communicate: tell those who need to know")),
]
STRONG, MEDIUM, WEAK = "strong", "medium", "weak"
STRENGTHS: Choices = [(STRONG, _("strong")), (MEDIUM, _("medium")), (WEAK, _("weak"))]
# What each strength looks like, from the hierarchy of actions used in patient safety.
EXAMPLES = {
    STRONG: _("take the cause away, make the wrong step impossible, simplify, standardise, leaders who act"),
    MEDIUM: _("a second safeguard, more people, a change of software, a check list"),
    WEAK: _("training, a rule, a warning, looking twice, further study"),
}
