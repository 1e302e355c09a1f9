"""Set-up of repositories and environments. A webhook secret is shown once; the ledger never holds it."""

from __future__ import annotations

import base64
import secrets
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from makegood.channels.registry import HOSTS
from makegood.engine.secrets import seal
from makegood.lib.errors import Refusal
from makegood.life.fixes import following
from makegood.life.fixes.models import Environment, Repository
from makegood.life.people.actors import Actor
from makegood.life.people.models import Agent
from makegood.life.reports import ledger
from makegood.life.reports.access import NotFound

WHAT, ENVIRONMENT = "repository", "environment"
OLD_SECRET_LASTS = timedelta(hours=24)
MOST = 200
FACTS = ("name", "provider", "web_url", "path", "main_branch", "release_tags", "released_by", "component", "is_active")


class BadRepository(Refusal):
    """A name that is taken, an address or a folder that cannot be used, or one repository too many."""


def visible(seeker: Agent) -> QuerySet[Repository]:
    """The repositories ``seeker`` may choose from: whoever works on fixes, all of them."""
    rows = Repository.objects.select_related("component").order_by("name")
    return rows if seeker.is_active and seeker.may("fix.view") else rows.none()


def access(seeker: Agent, key: str) -> Repository:
    """The repository called ``key``, by its key or its name. Raises NotFound."""
    rows = visible(seeker)
    found = rows.filter(key=key).first() or rows.filter(name=key).first()
    if found is None:
        raise NotFound(key)
    return found


def add(*, by: Actor, at: datetime, token: str = "", **facts: Any) -> tuple[Repository, str]:
    """A new repository, and its webhook secret, shown this once; empty where nothing knocks. Raises BadRepository."""
    if Repository.objects.count() >= MOST:
        raise BadRepository(_("There are %d repositories already. Take one away first.") % MOST)
    repository = Repository(created_at=at, token=seal(token.strip()) if token.strip() else "", **_checked(facts))
    secret = new_secret() if repository.provider in HOSTS else ""
    repository.secret = seal(secret) if secret else ""
    with transaction.atomic():
        _refuse_twice(repository)
        repository.save(force_insert=True)
        _record("setup.added", repository, by=by, at=at, to=_told(repository))
    return repository, secret


def change(repository: Repository, *, by: Actor, at: datetime, token: str = "", **facts: Any) -> bool:
    """Set any of ``FACTS``; an empty ``token`` leaves the present one, which never goes to another address. True if
    something changed. Raises BadRepository.
    """
    checked = _checked({"provider": repository.provider, **facts})
    changed = [name for name, value in checked.items() if getattr(repository, name) != value]
    if not changed and not token.strip():
        return False
    if repository.token and {"web_url", "provider"} & set(changed) and not token.strip():
        raise BadRepository(_("Give the token again: it would go to another address."))
    before = _told(repository)
    with transaction.atomic():
        for name in changed:
            setattr(repository, name, checked[name])
        if token.strip():
            repository.token = seal(token.strip())
        if "path" in changed:
            repository.read_place, repository.read_at, repository.read_trouble = {}, None, ""
        _refuse_twice(repository)
        repository.save()
        after = _told(repository)
        was, now = ({name: told[name] for name in changed} for told in (before, after))
        _record("setup.changed", repository, by=by, at=at, **{"from": was, "to": now})
    return True


def rotate_secret(repository: Repository, *, by: Actor, at: datetime) -> str:
    """A new webhook secret, shown this once; the old one opens beside it for a day."""
    secret = new_secret()
    with transaction.atomic():
        repository.old_secret, repository.old_secret_until = repository.secret, at + OLD_SECRET_LASTS
        repository.secret = seal(secret)
        repository.save(update_fields=["secret", "old_secret", "old_secret_until"])
        _record("repository.secret_made", repository, by=by, at=at)
    return secret


def remove(repository: Repository, *, by: Actor, at: datetime) -> None:
    """Take the repository away, with all it told. Problems stay in the state they are in."""
    with transaction.atomic():
        _record("setup.removed", repository, by=by, at=at, **{"from": _told(repository)})
        repository.delete()


def set_environment(environment: Environment, reaches_customers: bool, *, by: Actor, at: datetime) -> bool:
    """Say whether customers get what is deployed there. If so, fixes deployed before have arrived from now on."""
    if environment.reaches_customers == reaches_customers:
        return False
    with transaction.atomic():
        environment.reaches_customers = reaches_customers
        environment.save(update_fields=["reaches_customers"])
        data = {"what": ENVIRONMENT, "id": environment.pk, "name": environment.name}
        data |= {"from": {"reaches_customers": not reaches_customers}, "to": {"reaches_customers": reaches_customers}}
        ledger.record(None, "setup.changed", by=by, at=at, data=data)
        if reaches_customers:
            following.follow_environment(environment, at=at, by=by)
    return True


def hook_url(repository: Repository) -> str:
    """Where its host sends webhooks; empty where nothing knocks."""
    return f"{settings.BASE_URL}/hooks/in/{repository.key}/" if repository.provider in HOSTS else ""


def new_secret() -> str:
    """In the form Standard Webhooks gives signing keys, which serves as a plain secret, too."""
    return "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()


def checked_path(path: str) -> str:
    """A folder on this server that may be read: inside one of MAKEGOOD_GIT_FOLDERS. Raises BadRepository."""
    if not path:
        return ""
    roots = [Path(root).resolve() for root in settings.GIT_FOLDERS]
    if not roots:
        raise BadRepository(_("Name the folder that holds copies of repositories in MAKEGOOD_GIT_FOLDERS first."))
    try:
        whole = Path(path).resolve()
    except (OSError, ValueError, RuntimeError):
        whole = Path("/")
    if "\x00" in path or not Path(path).is_absolute() or not any(whole.is_relative_to(root) for root in roots):
        raise BadRepository(_("Only repositories inside the folders named in MAKEGOOD_GIT_FOLDERS may be read."))
    return str(whole)


def _checked(facts: dict[str, Any]) -> dict[str, Any]:
    unknown = set(facts) - set(FACTS)
    if unknown:
        raise TypeError(f"A repository has no {', '.join(sorted(unknown))}.")
    fields = dict(facts)
    if "name" in fields:
        fields["name"] = " ".join(str(fields["name"]).split())[:100]
        if not fields["name"]:
            raise BadRepository(_("Give the repository a name."))
    if "web_url" in fields:
        fields["web_url"] = _checked_url(str(fields["web_url"]).strip())
    if "path" in fields:
        fields["path"] = checked_path(str(fields["path"]).strip())
    if fields["provider"] == Repository.GIT and "path" in fields and not fields["path"]:
        raise BadRepository(_("Say in which folder the repository lies."))
    return fields


def _checked_url(url: str) -> str:
    try:
        parts = urlsplit(url)
    except ValueError:
        parts = urlsplit("")
    if url and (parts.scheme not in ("http", "https") or not parts.hostname or parts.username or not url.isprintable()):
        raise BadRepository(_("Give a whole address that begins with https://"))
    return url[:500].rstrip("/")


def _refuse_twice(repository: Repository) -> None:
    if Repository.objects.filter(name=repository.name).exclude(pk=repository.pk).exists():
        raise BadRepository(_("There is a repository of this name already."))


def _told(repository: Repository) -> dict[str, Any]:
    facts = {name: getattr(repository, name) for name in FACTS}
    return facts | {"component": repository.component.slug if repository.component else ""}


def _record(kind: str, repository: Repository, *, by: Actor, at: datetime, **changes: Any) -> None:
    data = {"what": WHAT, "id": repository.pk, "name": repository.name, **changes}
    ledger.record(None, kind, by=by, at=at, data=data)
