"""Sessions in the database, as Django keeps them; every page reads one, so it is read by a statement composed once."""

from __future__ import annotations

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.utils import timezone

from makegood.lib import rows


class SessionStore(db.SessionStore):
    def _get_session_from_db(self) -> Session | None:
        alive = "session_key = %s AND expire_date > %s"
        found = rows.read(Session, alive, (self.session_key, rows.moment(timezone.now())))
        if not found:
            self._session_key = None  # as Django: a key that is not known is not taken over
            return None
        return found[0]
