"""What is put in again is what was made: the same rows, the same search, the same keys."""

import pytest
from django.apps import apps
from django.db import transaction

from makegood.life.beginning import begin
from makegood.life.promises import book
from makegood.life.searching import asking
from tests.again import again
from tests.cast import make_cast
from tests.life.case import file_report, work

pytestmark = pytest.mark.django_db


def everything():
    models = apps.get_models(include_auto_created=True)
    return {model._meta.label: list(model.objects.order_by("pk").values()) for model in models if model._meta.managed}


def a_report_at_a_desk(at):
    book.install_defaults(at)
    begin(at)
    cast = make_cast()
    report = file_report(cast, at)
    work(at)
    return cast, report


def test_rows_search_and_keys_are_as_they_were(monday):
    found = []
    for _time in range(3):
        with transaction.atomic():
            cast, report = again(lambda: a_report_at_a_desk(monday), monday)
            report.refresh_from_db()
            asked = asking.understand(cast.emil, "claims page", now=monday)
            hits = [hit.thing.pk for group in asking.overview(asked) for hit in group.hits]
            found.append((everything(), report.pk, report.contact, hits))
            transaction.set_rollback(True)
    assert found[0] == found[1] == found[2]
    assert found[0][3] == [found[0][1]]


def test_where_something_stands_already_it_is_made_anew(monday):
    with transaction.atomic():
        first = again(make_cast)
        transaction.set_rollback(True)
    first.acme.pk = None
    first.acme.save()
    second = again(make_cast)
    assert second.acme.pk != first.acme.pk
    second.acme.refresh_from_db()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", [1, 2])
def test_also_where_nothing_is_taken_back(turn):
    cast = again(make_cast)
    cast.acme.refresh_from_db()
    assert cast.desk.lead == cast.emil
