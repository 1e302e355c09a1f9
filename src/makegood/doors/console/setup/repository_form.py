"""The form of a repository."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from makegood.life.fixes import repositories
from makegood.life.fixes.models import Repository
from makegood.life.reports.models import Component


class RepositoryForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=100)
    provider = forms.ChoiceField(label=_("Where it is kept"), choices=Repository.PROVIDERS)
    web_url = forms.CharField(
        label=_("Address people look at"),
        max_length=500,
        required=False,
        help_text=_("For links, such as https://github.com/company/portal"),
    )
    path = forms.CharField(
        label=_("Folder on this server"),
        max_length=500,
        required=False,
        help_text=_("A copy that is read directly, inside one of MAKEGOOD_GIT_FOLDERS. Besides webhooks, if you like."),
    )
    token = forms.CharField(
        label=_("Token"),
        max_length=1000,
        required=False,
        widget=forms.PasswordInput({"autocomplete": "off"}),
        help_text=_(
            "It only has to read the repository. Hosts list 5 to 2,048 commits of a push; with a folder or a "
            "token the rest is read. It is kept sealed and never shown again. Empty: the present one stays."
        ),
    )
    main_branch = forms.CharField(label=_("Main branch"), max_length=100, initial="main")
    release_tags = forms.CharField(
        label=_("Tags that are releases"),
        max_length=200,
        initial="*",
        help_text=_("A pattern: v* or portal-*"),
    )
    released_by = forms.ChoiceField(
        label=_("What makes a release"), choices=Repository.RELEASED_BY, initial=Repository.TAGS
    )
    component = forms.ModelChoiceField(
        label=_("Component"), queryset=Component.objects.order_by("name"), required=False, to_field_name="slug"
    )
    is_active = forms.BooleanField(label=_("Listen to it"), required=False, initial=True)

    def facts(self) -> dict[str, Any]:
        """What the verbs of repositories take."""
        return {name: self.cleaned_data[name] for name in (*repositories.FACTS, "token")}

    @staticmethod
    def of(repository: Repository) -> dict[str, Any]:
        facts = {name: getattr(repository, name) for name in repositories.FACTS}
        return facts | {"component": repository.component.slug if repository.component else ""}
