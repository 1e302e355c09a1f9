"""The addresses of set-up, below /console/setup/."""

from django.urls import path

from makegood.doors.console.setup import hours, looking, people, policies, rotas, scripts, things, tokens

urlpatterns = [
    path("", things.index, name="setup"),
    path("people/", people.listing, name="setup_people"),
    path("people/invite/", people.invite, name="setup_invite"),
    path("people/<str:key>/", people.edit, name="setup_person"),
    path("people/<str:key>/link/", people.new_link, name="setup_person_link"),
    path("rotas/", rotas.listing, name="setup_rotas"),
    path("rotas/<slug:slug>/", rotas.team_page, name="setup_rota"),
    path("rotas/<slug:slug>/<int:pk>/remove/", rotas.remove, name="setup_shift_remove"),
    path("scripts/", scripts.listing, name="setup_scripts"),
    path("scripts/<slug:slug>/", scripts.edit, name="setup_script"),
    path("policies/", policies.listing, name="setup_policies"),
    path("policies/<str:kind>/<str:severity>/", policies.edit, name="setup_policy"),
    path("hours/", hours.listing, name="setup_calendars"),
    path("hours/new/", hours.edit, name="setup_calendar_add"),
    path("hours/<slug:slug>/", hours.edit, name="setup_calendar"),
    path("tokens/", tokens.listing, name="setup_tokens"),
    path("services/add/", tokens.add, name="setup_service_add"),
    path("services/<slug:key>/", tokens.edit, name="setup_service"),
    path("services/<slug:key>/token/", tokens.make, name="setup_service_token"),
    path("audit/", looking.audit, name="setup_audit"),
    path("health/", looking.health, name="setup_health"),
    path("things/<slug:what>/", things.listing, name="setup_list"),
    path("things/<slug:what>/add/", things.edit, name="setup_add"),
    path("things/<slug:what>/<int:pk>/", things.edit, name="setup_edit"),
]
