"""Privacy in each state worth looking at: somebody found, being erased, erased; rules; something to take out."""

from django.utils import timezone

from makegood.life.intake import actions as intake
from makegood.life.intake.telling import Told
from makegood.life.privacy import erasing, handing, openings
from makegood.life.reports.models import Attachment, Report
from tests.journeys.desk import work


def pages(desk, made) -> dict[str, list]:
    """Route without ``console:`` → the addresses, or the arguments of the address, of each of its states."""
    now = timezone.now()
    erased, under_way = _erased(desk, "gone@example.org", now), _erased(desk, "going@example.org", now, finish=False)
    handing.order(desk.ben, by=desk.ada, at=now, reason="Letter of 3 May")
    work(now)
    working = made["working"]
    Report.objects.filter(pk=made["accepted"].pk).update(is_protected=True)
    for agent in (desk.dora, desk.emil):
        openings.note(Report.objects.get(pk=made["accepted"].pk), agent, way="console", at=now)
    said = working.messages.filter(said_by="contact").earliest("id")
    picture = Attachment.objects.filter(report=working, removed_at=None).earliest("id")
    person = "/console/setup/privacy/person/"
    return {
        "setup_privacy": ["", "?q=ana", "?q=nobody"],
        "setup_privacy_person": [
            (desk.ana.key,),
            f"{person}{erased.contact_key}/",
            f"{person}{under_way.contact_key}/",
        ],
        "setup_erasure": [(erased.key,), (under_way.key,)],
        "setup_retention": [""],
        "setup_retention_rule": [("reports",), ("openings",)],
        "report_redact": [(working.pk, said.key)],
        "report_redact_file": [(working.pk, picture.key)],
    }


def _erased(desk, email, now, *, finish=True):
    told = Told(what="The page stays white.", name="Gone Away", email=email, idempotency_key=email)
    contact = intake.file(told, at=now).report.contact
    work(now)
    made = erasing.start(contact, by=desk.ada, at=now, typed=email, reason="Letter of 12 November")
    if finish:
        work(timezone.now())
        for _round in range(200):
            made.refresh_from_db()
            if made.state == "done":
                break
            erasing.run_slice({"erasure": made.pk, "turn": made.turn}, now)
    return made
