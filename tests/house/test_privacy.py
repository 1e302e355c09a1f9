"""Whoever keeps words of a person says so: every model stands in one table of privacy, or is exempt with a reason."""

from django.apps import apps
from django.db import models

from makegood.life.people.models import Contact
from makegood.life.privacy.exempt import EXEMPT
from makegood.life.privacy.holdings import BY_NAME, TABLE
from makegood.life.privacy.mentions import SHARED


def ours():
    return [m for m in apps.get_models() if m.__module__.startswith("makegood.") and m._meta.managed]


def named():
    return {row.model for row in TABLE} | {shared.model for shared in SHARED}


def test_every_model_says_what_it_holds_of_a_person_or_why_nothing():
    known = {model._meta.db_table for model in named()}
    missing = {m._meta.db_table for m in ours()} - known - set(EXEMPT)
    assert not missing, "Give these a row in life/privacy (holdings, mentions, or exempt with the reason)"


def test_nothing_is_both_held_and_exempt_and_no_exemption_outlives_its_model():
    tables = {m._meta.db_table for m in ours()}
    assert not {row.model._meta.db_table for row in TABLE} & set(EXEMPT)
    assert set(EXEMPT) <= tables
    assert all(len(reason) > 10 for reason in EXEMPT.values())


def test_whoever_points_at_a_contact_is_not_exempt_for_nothing():
    for model in ours():
        points = [
            f for f in model._meta.concrete_fields if isinstance(f, models.ForeignKey) and f.related_model is Contact
        ]
        if points and model not in named():
            assert "contact" in EXEMPT[model._meta.db_table] or "person" in EXEMPT[model._meta.db_table], model


def test_each_row_names_fields_there_are_and_is_called_once():
    assert len(BY_NAME) == len(TABLE)
    for row in TABLE:
        there = {f.name for f in row.model._meta.get_fields()} | {f.attname for f in row.model._meta.concrete_fields}
        wanted = {*(row.blank or {}), *row.files, *(name.partition("__")[0] for name in row.shown if name != "pk")}
        assert wanted <= there, row.name
        assert row.blank is None or row.blank, row.name
    for shared in SHARED:
        assert set(shared.fields) <= {f.name for f in shared.model._meta.concrete_fields}, shared


def test_words_of_a_held_model_are_all_emptied_or_named_as_ours():
    """A text field that is neither emptied nor one of ours would be forgotten."""
    for row in TABLE:
        if row.blank is None:
            continue
        emptied = {name for other in TABLE if other.model is row.model for name in (other.blank or {})}
        emptied |= {name for shared in SHARED if shared.model is row.model for name in shared.fields}
        texts = {
            f.name
            for f in row.model._meta.concrete_fields
            if isinstance(f, models.TextField | models.JSONField) or (isinstance(f, models.CharField) and not f.choices)
        }
        assert texts - emptied == STAYS.get(row.model._meta.db_table, set()), row.name


# Texts that stay: keys, words of our own tables, names of colleagues, facts of machines; or worked out row by row.
STAYS = {
    "people_contact": {"key", "language"},
    "reports_outgoingmail": {"key", "purpose", "language", "rfc_id", "from_email", "from_name"},
    "reports_mailattempt": {"outcome"},
    "post_incomingmail": {"key", "sha256", "decided_by"},
    "intake_incoming": {"channel", "idempotency_key"},
    "privacy_archive": {"key", "asked_by", "counts", "error"},
    "transfer_exportrun": {"key", "file_format", "error", "leased_by"},
    "transfer_importrun": {"key", "file_format", "source", "file_name", "mapping", "error", "leased_by"},
    "reports_message": {"key", "said_by", "channel", "script", "idempotency_key"},
    "diagnosis_steptrial": {"by_kind", "by_name"},
    "aftercare_resolution": {"by_name", "from_state"},
    "aftercare_followup": {"by_name"},
    "aftercare_csat": {"reasons"},
    "aftercare_survey": {"release"},
    "aftercare_recovery": {"by_name"},
    "aftercare_recoverycall": {"by_name"},
    "compensation_compensation": {"key", "cause", "currency", "steps", "facts"},
    "compensation_entry": {"before", "currency", "budget_month", "actor_kind", "actor_name"},
    "knowledge_articlelink": set(),
    "escalation_escalation": {"by_name"},
    "escalation_page": {"key", "about", "whom", "wanted", "name", "channel", "address"},
    "colleagues_notice": {"called"},
    "hooks_delivery": {"key", "kind"},
    "hooks_attempt": set(),
    "promises_promise": {"about", "owed_to"},
    "promises_promisestep": {"kind", "data"},
    "learning_recurrence": {"release", "decided_by"},
    "problems_membership": set(),
    "rca_timelinerow": {"source", "kind", "changed_by"},
    "reports_ledgerentry": {"about", "kind", "actor_kind", "actor_name", "data", "key"},
    "reports_report": {
        "key",
        "hindrance",
        "language",
        "priority_why",
        "priority_by",
        "close_reason",
        "last_said_by",
        "owed_kind",
        "owed_state",
    },
}
