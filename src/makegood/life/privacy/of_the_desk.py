"""Copies of everything that the desk made for other purposes: they go whole, and are made again without the person."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from makegood.life.privacy.holding import Holding, Whose
from makegood.life.transfer.models import ExportRun, ImportRun

_ENDED = (ImportRun.DONE, ImportRun.STOPPED, ImportRun.FAILED)


def _for_a_person(**values: Any) -> Whose:
    """Only when a whole person goes: reports whose time is over leave the copies to their own end."""
    return lambda scope: Q(**values) if scope.contacts else Q(pk__in=[])


ROWS: tuple[Holding, ...] = (
    Holding(
        "exports",
        _("archives of everything that are still kept"),
        ExportRun,
        _for_a_person(state=ExportRun.DONE),
        blank={"storage_key": "", "state": ExportRun.GONE},
        files=("storage_key",),
    ),
    Holding(
        "imports",
        _("files that were imported"),
        ImportRun,
        _for_a_person(state__in=_ENDED),
        blank={"storage_key": "", "problems": [], "looked": {}},
        files=("storage_key",),
    ),
)
