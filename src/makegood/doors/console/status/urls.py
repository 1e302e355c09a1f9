"""The addresses of running the status page, below /console/status/."""

from django.urls import path

from makegood.doors.console.status import components, incidents, maintenance, overview, readers

urlpatterns = [
    path("", overview.page, name="status"),
    path("components/", components.listing, name="status_components"),
    path("components/<slug:slug>/", components.one, name="status_component"),
    path("components/<slug:slug>/state/", components.set_state, name="status_component_state"),
    path("incidents/<slug:key>/", incidents.page, name="status_incident"),
    path("maintenance/plan/", maintenance.plan, name="status_plan"),
    path("maintenance/<slug:key>/", maintenance.page, name="status_maintenance"),
    path("maintenance/<slug:key>/move/", maintenance.move, name="status_maintenance_move"),
    path("maintenance/<slug:key>/call-off/", maintenance.call_off, name="status_maintenance_call_off"),
    path("updates/<slug:key>/", readers.deliveries, name="status_update"),
    path("subscribers/", readers.subscribers, name="status_subscribers"),
    path("subscribers/<slug:key>/end/", readers.end, name="status_subscriber_end"),
]
