"""Every channel there is, one row each."""

from __future__ import annotations

from django.conf import settings

from makegood.channels.base import MailCarrier, Pager
from makegood.channels.code import Host
from makegood.channels.gitea.hooks import Gitea
from makegood.channels.github.hooks import GitHub
from makegood.channels.github.issues import GitHubIssues
from makegood.channels.gitlab.hooks import GitLab
from makegood.channels.gitlab.issues import GitLabIssues
from makegood.channels.jira.hooks import Jira
from makegood.channels.jira.issues import JiraIssues
from makegood.channels.mail.outbox import Outbox
from makegood.channels.mail.signing import Signer
from makegood.channels.mail.smtp import Smtp
from makegood.channels.tracking import Project, Tracker
from makegood.channels.webhook.sending import Webhook

PAGERS: dict[str, Pager] = {
    "webhook": Webhook(allowed=settings.PRIVATE_HOOKS),
}
# Every way to call somebody, in this order: each pager and mail, and the fact of a person or team that is their address
# for it. A new pager is a row above and one here.
MAIL = "mail"
WAYS = {MAIL: "email", "webhook": "page_webhook"}

# Where webhooks about code come from.
HOSTS: dict[str, Host] = {"github": GitHub(), "gitlab": GitLab(), "gitea": Gitea()}

# Where webhooks about issues come from.
ISSUE_HOSTS: dict[str, Host] = {"github": HOSTS["github"], "gitlab": HOSTS["gitlab"], "jira": Jira()}

# Where issues are kept.
TRACKERS: dict[str, type[Tracker]] = {"github": GitHubIssues, "gitlab": GitLabIssues, "jira": JiraIssues}


def tracker(kind: str, project: Project) -> Tracker:
    """The tracker that keeps the issues of ``project``; close it."""
    return TRACKERS[kind](project, allowed=settings.PRIVATE_HOOKS)


def mail_carrier(smtp_url: str, dkim: str = "") -> MailCarrier:
    """SMTP where a server is named, the embedded outbox where none is. ValueError for an unusable URL or key."""
    return Smtp(smtp_url, signer=Signer.from_setting(dkim)) if smtp_url else Outbox()
