"""The form of one mailbox: only what its way in needs, and no secret ever shown again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator, validate_email
from django.utils.text import slugify
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from makegood.lib.texts import in_language
from makegood.life.people.models import Team
from makegood.life.reports.mailboxes import PROVIDERS
from makegood.life.reports.models import Category, Mailbox

ADDRESS = ("name", "address", "aliases")
FACTS = ("team", "category", "language", "authserv_id", "slug")


@dataclass(frozen=True)
class Way:
    """One way for mail to come in. ``fields`` are asked for beside those of every mailbox."""

    key: str
    name: Any
    says: Any
    icon: str
    kind: str
    provider: str = ""
    is_by_token: bool = False
    fields: tuple[str, ...] = ()
    may_lack: tuple[str, ...] = ()


_FOLDERS = ("folder", "done_folder")
_SERVER = ("host", "port", "tls", "user")
WAYS = {
    way.key: way
    for way in (
        Way(
            "google",
            gettext_lazy("Google, with an app password"),
            gettext_lazy("The simplest way to a Gmail or Workspace mailbox with two-step verification."),
            "mail",
            "imap",
            "google",
            fields=("user", "secret", *_FOLDERS),
        ),
        Way(
            "google-token",
            gettext_lazy("Google, with OAuth2"),
            gettext_lazy("Where app passwords are switched off: a client and a refresh token of your own."),
            "lock",
            "imap",
            "google",
            is_by_token=True,
            fields=("user", "client_id", "client_secret", "secret", *_FOLDERS),
        ),
        Way(
            "microsoft",
            gettext_lazy("Microsoft 365"),
            gettext_lazy("With OAuth2, the only way Microsoft still offers: an app registered in your tenant."),
            "lock",
            "imap",
            "microsoft",
            is_by_token=True,
            fields=("user", "tenant", "client_id", "client_secret", "secret", *_FOLDERS),
            may_lack=("secret",),
        ),
        Way(
            "imap",
            gettext_lazy("Another server, with a password"),
            gettext_lazy("Any mailbox that can be read by IMAP."),
            "mail",
            "imap",
            fields=(*_SERVER, "secret", *_FOLDERS),
        ),
        Way(
            "imap-token",
            gettext_lazy("Another server, with OAuth2"),
            gettext_lazy("A token address of your own identity provider."),
            "lock",
            "imap",
            is_by_token=True,
            fields=(*_SERVER, "token_url", "client_id", "client_secret", "secret", "scope", *_FOLDERS),
            may_lack=("client_secret",),
        ),
        Way(
            "smtp",
            gettext_lazy("From our own mail server, by SMTP"),
            gettext_lazy("It hands each mail over as it comes; nothing is fetched."),
            "inbox",
            "smtp",
        ),
        Way(
            "pipe",
            gettext_lazy("From our own mail server, by a command"),
            gettext_lazy("It starts a command for each mail, as Postfix and Exim do for a pipe."),
            "code",
            "pipe",
        ),
    )
}


def way_of(mailbox: Mailbox) -> Way:
    """By which of them a kept mailbox comes in."""
    if mailbox.kind != "imap":
        return WAYS[mailbox.kind]
    provider = next((key for key, known in PROVIDERS.items() if known.host == mailbox.host), "")
    is_by_token = bool(mailbox.oauth.get("token_url"))
    fitting = (way for way in WAYS.values() if way.provider == provider and way.is_by_token == is_by_token)
    return next((way for way in fitting if way.kind == "imap"), WAYS["imap-token" if is_by_token else "imap"])


class MailboxForm(forms.Form):
    """``facts`` gives what the verbs take; secrets are apart, so that nobody writes them down by mistake."""

    name = forms.CharField(
        label=gettext_lazy("Name"), help_text=gettext_lazy("What customers read beside the address."), max_length=100
    )
    address = forms.EmailField(label=gettext_lazy("Address customers write to"), max_length=254)
    aliases = forms.CharField(
        label=gettext_lazy("Further addresses that end up here"),
        help_text=gettext_lazy("One a line."),
        widget=forms.Textarea({"rows": 2}),
        required=False,
    )
    host = forms.CharField(label=gettext_lazy("Server"), max_length=253)
    port = forms.IntegerField(label=gettext_lazy("Port"), min_value=1, max_value=65535, initial=993)
    tls = forms.ChoiceField(
        label=gettext_lazy("Encryption"),
        choices=[
            ("implicit", gettext_lazy("TLS from the beginning (port 993)")),
            ("starttls", gettext_lazy("STARTTLS (port 143)")),
            ("none", gettext_lazy("none: only for a server on this machine")),
        ],
    )
    user = forms.CharField(
        label=gettext_lazy("User name"), help_text=gettext_lazy("Often the address itself."), max_length=254
    )
    tenant = forms.CharField(
        label=gettext_lazy("Tenant"),
        help_text=gettext_lazy("Its domain or its id, from the overview of the app registration."),
        max_length=100,
        validators=[RegexValidator(r"^[A-Za-z0-9.-]+$", gettext_lazy("Letters, digits, full stops and hyphens only."))],
    )
    token_url = forms.URLField(label=gettext_lazy("Token address"), assume_scheme="https")
    client_id = forms.CharField(label=gettext_lazy("Client id"), max_length=300)
    client_secret = forms.CharField(
        label=gettext_lazy("Client secret"),
        max_length=1000,
        required=False,
        widget=forms.PasswordInput({"autocomplete": "off"}),
    )
    secret = forms.CharField(
        label=gettext_lazy("Password"),
        max_length=4000,
        required=False,
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "off"}),
    )
    scope = forms.CharField(label=gettext_lazy("Scope"), max_length=500, required=False)
    folder = forms.CharField(label=gettext_lazy("Folder"), max_length=200, initial="INBOX")
    done_folder = forms.CharField(
        label=gettext_lazy("Move mail to, once it is kept"),
        help_text=gettext_lazy("A folder; it is made if it is missing. Empty: mail stays and is marked as read."),
        max_length=200,
        required=False,
    )
    team = forms.ModelChoiceField(
        label=gettext_lazy("Team"),
        help_text=gettext_lazy("Has the reports that come by this mailbox."),
        queryset=Team.objects.filter(is_active=True).order_by("name"),
        empty_label=gettext_lazy("Nobody or none"),
        required=False,
    )
    category = forms.ChoiceField(label=gettext_lazy("Category to begin with"), required=False)
    language = forms.ChoiceField(
        label=gettext_lazy("Language"),
        help_text=gettext_lazy("Of answers, where the mail does not tell."),
        choices=settings.LANGUAGES,
    )
    authserv_id = forms.CharField(
        label=gettext_lazy("Name of your mail server in Authentication-Results"),
        help_text=gettext_lazy(
            "Such as mx.google.com. Only what this server says of a sender is believed; empty: no sender is."
        ),
        max_length=253,
        required=False,
    )
    slug = forms.CharField(
        label=gettext_lazy("Short name"),
        help_text=gettext_lazy("Small letters, digits and hyphens. Empty: made from the address."),
        max_length=40,
        validators=[RegexValidator(r"^[a-z0-9-]+$", gettext_lazy("Use small letters, digits and hyphens only."))],
        required=False,
    )

    def __init__(self, way: Way, mailbox: Mailbox, data: Any = None) -> None:
        super().__init__(data, initial=_initial(mailbox))
        self.way, self.mailbox = way, mailbox
        for language, name in settings.LANGUAGES:
            self.fields[f"signature_{language}"] = forms.CharField(
                label=_("Signature, %(language)s") % {"language": _(name)},
                help_text=_("Below what people write from here."),
                max_length=1000,
                widget=forms.Textarea({"rows": 3}),
                required=False,
            )
        self.fields["category"].choices = [("", _("none")), *_categories()]  # type: ignore[attr-defined]
        self.signatures = [f"signature_{code}" for code, _name in settings.LANGUAGES]
        for name in set(self.fields) - {*ADDRESS, *way.fields, *FACTS, *self.signatures}:
            del self.fields[name]
        self._word_secrets()

    def sections(self) -> Iterator[tuple[str, list[forms.BoundField]]]:
        """Headings with their fields."""
        yield _("The address"), [self[name] for name in ADDRESS]
        if self.way.fields:
            yield _("How we get at it"), [self[name] for name in self.way.fields]
        yield _("Reports that come by it"), [self[name] for name in (*FACTS, *self.signatures)]

    def clean_aliases(self) -> list[str]:
        found = [word.strip() for word in self.cleaned_data["aliases"].replace(",", "\n").splitlines() if word.strip()]
        for alias in found:
            try:
                validate_email(alias)
            except ValidationError:
                raise ValidationError(_("“%(text)s” is not an address.") % {"text": alias}) from None
        return found

    def facts(self) -> dict[str, Any]:
        """Columns of the mailbox, without its secrets."""
        given = self.cleaned_data
        names = [name for name in ("host", "port", "tls", "user", *_FOLDERS) if name in self.fields]
        found = {name: given[name] for name in ("name", "address", "aliases", "language", "authserv_id", *names)}
        found["slug"] = given["slug"] or slugify(given["address"].partition("@")[0])[:40] or "mailbox"
        found["kind"] = self.way.kind
        found["team_id"] = given["team"].pk if given["team"] else None
        found["category_id"] = int(given["category"]) if given["category"] else None
        found["signatures"] = {
            name.removeprefix("signature_"): given[name].strip() for name in self.signatures if given[name].strip()
        }
        if self.way.provider:
            found |= {"host": PROVIDERS[self.way.provider].host, "port": 993, "tls": "implicit"}
        return {**found, "oauth": self._oauth()}

    def secrets(self) -> dict[str, str]:
        return {name: self.cleaned_data.get(name, "") for name in ("secret", "client_secret")}

    def _oauth(self) -> dict[str, Any]:
        given = self.cleaned_data
        if not self.way.is_by_token:
            return {}
        oauth = {"client_id": given["client_id"], "token_url": given.get("token_url"), "scope": given.get("scope", "")}
        if self.way.provider:
            known = PROVIDERS[self.way.provider]
            is_for_itself = not (given["secret"] or self.mailbox.secret)
            oauth["token_url"] = known.token_url.format(tenant=given.get("tenant", ""))
            oauth["scope"] = known.scope[is_for_itself]
        if given.get("tenant"):
            oauth["tenant"] = given["tenant"]
        return oauth

    def _word_secrets(self) -> None:
        """What is called a secret differs, and one that is kept need not be filled in."""
        if "secret" in self.fields and self.way.is_by_token:
            self.fields["secret"].label = _("Refresh token")
        elif "secret" in self.fields and self.way.provider:
            self.fields["secret"].label = _("App password")
        kept = {"secret": self.mailbox.secret, "client_secret": self.mailbox.oauth.get("client_secret")}
        for name in kept.keys() & self.fields.keys():
            field, is_kept = self.fields[name], bool(kept[name])
            field.required = not is_kept and name not in self.way.may_lack
            field.error_messages["required"] = _("Fill in “%(label)s”: without it we cannot sign in.") % {
                "label": field.label
            }
            if is_kept:
                field.help_text = _("One is kept. Fill it in only to replace it.")
            elif name in self.way.may_lack and name == "secret":
                field.help_text = _("Only to sign in as a person. Empty: the app signs in for itself.")


def _initial(mailbox: Mailbox) -> dict[str, Any]:
    columns = ("name", "address", "host", "port", "tls", "user", *_FOLDERS, "language", "authserv_id", "slug")
    found = {name: getattr(mailbox, name) for name in columns}
    found |= {name: mailbox.oauth.get(name, "") for name in ("client_id", "token_url", "scope", "tenant")}
    found |= {f"signature_{code}": text for code, text in mailbox.signatures.items()}
    return {
        **found,
        "aliases": "\n".join(mailbox.aliases),
        "team": mailbox.team_id,
        "category": mailbox.category_id,
    }


def _categories() -> list[tuple[int, str]]:
    language = get_language() or "en"
    rows = Category.objects.filter(is_active=True).order_by("position", "slug")
    return [(row.pk, in_language(row.names, language)) for row in rows]
