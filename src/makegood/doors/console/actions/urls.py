"""The addresses of actions, below /console/actions/. ``number`` is ``12``, ``ACT-12`` or the key."""

from django.urls import path

from makegood.doors.console.actions import listing, one

urlpatterns = [
    path("", listing.page, name="actions"),
    path("table/", listing.table, name="actions_table"),
    path("burn-down/", listing.burn_table, name="actions_burn"),
    path("analyses/", listing.analyses, name="analyses"),
    path("<str:number>/", one.page, name="action"),
    path("<str:number>/edit/", one.edit, name="action_edit"),
    path("<str:number>/do/<slug:deed>/", one.act, name="action_act"),
]
