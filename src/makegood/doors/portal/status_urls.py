"""The addresses of the status page, below /status/ and, for programs, also as other status pages have them."""

from django.urls import path, re_path

from makegood.doors.portal import status_page, subscribe

_LANGUAGE = "(?:(?P<language>" + "|".join(status_page.LANGUAGES) + ")/)?"
_TEXTS = r"(?P<name>feed\.atom|feed\.rss|maintenance\.ics|badge\.svg)"

urlpatterns = [
    path("status", status_page.without_slash),
    path("status/subscribe/", subscribe.subscribe, name="status_subscribe"),
    path("status/subscribe/sent/", subscribe.asked, name="status_asked"),
    path("status/confirm/<slug:token>/", subscribe.confirm, name="status_confirm"),
    path("status/unsubscribe/<slug:token>/", subscribe.unsubscribe, name="status_unsubscribe"),
    path("status/api/v2/<path:name>", status_page.machine, name="status_machine"),
    path("api/v2/<path:name>", status_page.machine),
    re_path(rf"^status/{_LANGUAGE}$", status_page.front, name="status_page"),
    re_path(rf"^status/{_LANGUAGE}history/$", status_page.history, name="status_history"),
    re_path(
        rf"^status/{_LANGUAGE}history/(?P<year>\d{{4}})-(?P<month>\d{{2}})/$", status_page.month, name="status_month"
    ),
    re_path(
        rf"^status/{_LANGUAGE}(?P<place>incidents|maintenance)/(?P<key>[0-9a-z]{{1,16}})/$",
        status_page.notice,
        name="status_notice",
    ),
    re_path(rf"^status/{_LANGUAGE}frame/$", status_page.frame, name="status_frame"),
    re_path(rf"^status/{_LANGUAGE}{_TEXTS}$", status_page.text, name="status_text"),
]
