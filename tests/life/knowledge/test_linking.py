"""An article answers a report: linked once, seen by who may see it, found by what the reporter said."""

import pytest

from makegood.life.knowledge import linking
from makegood.life.knowledge.models import ArticleLink, Use
from makegood.life.reports.models import LedgerEntry, Report
from tests.life.case import file_report, fresh, work
from tests.life.knowledge.shelf import CLAIMS, shown, validated, write

pytestmark = pytest.mark.django_db


def test_twice_is_once_and_it_can_be_taken_back(cast, monday):
    article, report = shown(cast, monday), file_report(cast, monday)
    for _time in range(2):
        linking.link(article, report, by=cast.dora, at=monday)
    assert ArticleLink.objects.count() == Use.objects.filter(kind="linked").count() == 1
    entry = LedgerEntry.objects.get(kind="article.linked")
    assert (entry.report, entry.about) == (report, article.about)
    assert linking.unlink(article, report, by=cast.eve, at=monday)
    assert not linking.unlink(article, report, by=cast.eve, at=monday)


def test_what_the_reporter_said_finds_it_and_the_archive_is_left_alone(cast, monday):
    claims, internal = shown(cast, monday, CLAIMS), validated(cast, monday, {**CLAIMS, "title": "Claims white: inside"})
    archived = write(cast, monday, {**CLAIMS, "title": "Claims page white once"})
    type(archived).objects.filter(pk=archived.pk).update(confidence="archived")
    report = file_report(cast, monday)
    Report.objects.filter(pk=report.pk).update(title="Claims are blank and white")
    work(monday)
    found = {one.article_id for one in linking.suggested(cast.dora, fresh(report))}
    assert found == {claims.pk, internal.pk}
    linking.link(claims, report, by=cast.dora, at=monday)
    assert {one.article_id for one in linking.suggested(cast.dora, fresh(report))} == {internal.pk}
    assert [one.article_id for one in linking.linked_to(cast.dora, report)] == [claims.pk]


def test_reports_of_an_article_are_those_one_may_see(cast, monday):
    article, report = shown(cast, monday), file_report(cast, monday)
    linking.link(article, report, by=cast.dora, at=monday)
    assert [one.report for one in linking.reports_of(cast.dora, article)] == [report]
    assert list(linking.reports_of(cast.eve, article)) == []
    assert linking.suggested(cast.fay, report) == []


def test_only_what_is_public_has_an_address(cast, monday, settings):
    article, internal = shown(cast, monday), validated(cast, monday, CLAIMS)
    (one,), (other,) = linking.wordings([article], "de-AT"), linking.wordings([internal], "en")
    assert linking.address(one) == f"{settings.BASE_URL}/help/en/how-do-i-change-my-address/"
    assert linking.address(other) == ""
