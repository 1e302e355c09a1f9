"""Time for the journeys: one moment for the server, the worker and every browser; it moves when a test says so."""

from collections.abc import Callable
from datetime import datetime, timedelta

from makegood.life.people.models import Contact
from makegood.life.reports.models import OutgoingMail
from tests.journeys.desk import link_in, mails_to, work


class Story:
    """``at(moment)`` or ``later(minutes=10)``: time passes, and the worker does what has fallen due meanwhile."""

    def __init__(self, traveller, start: datetime, enter: Callable, open_page: Callable) -> None:
        self._traveller, self.now, self._enter, self._open = traveller, start, enter, open_page
        self._pages: list = []
        self._staff: dict[str, object] = {}

    def later(self, **by: float) -> datetime:
        return self.at(self.now + timedelta(**by))

    def at(self, moment: datetime) -> datetime:
        self.now = moment
        self._traveller.move_to(moment, tick=False)
        for page in self._pages:
            page.context.clock.set_fixed_time(moment)
        work(moment)
        return moment

    def staff(self, name: str, **options):
        """A fresh page of somebody of the desk, signed in now (sessions last half a day)."""
        return self._with_clock(self._enter(name, **options))

    def reporter(self, **options):
        """A browser of somebody who reports."""
        return self._with_clock(self._open(**options))

    def newest_mail(self, contact: Contact | object, purpose: str = "") -> OutgoingMail:
        mails = [mail for mail in mails_to(contact.email) if not purpose or mail.purpose == purpose]
        assert mails, f"No mail has left for {contact.email}."
        return mails[-1]

    def open_link(self, page, mail: OutgoingMail) -> None:
        """Follow the secret link of a mail; it must not stay in the address."""
        link = link_in(mail)
        page.goto(link)
        assert link.strip("/").split("/")[-1] not in page.url

    def _with_clock(self, page):
        page.context.clock.set_fixed_time(self.now)
        self._pages.append(page)
        return page


def tab_to(page, target, *, most: int = 150) -> None:
    """Reach ``target`` with the Tab key alone; fails if the focus never gets there."""
    for _ in range(most):
        if target.evaluate("one => one === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab does not reach {target} within {most} presses.")
