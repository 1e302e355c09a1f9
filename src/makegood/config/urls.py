"""Which door stands at which address."""

from django.urls import URLPattern, URLResolver, include, path

handler400 = "makegood.doors.ui.mishaps.unreadable"
handler500 = "makegood.doors.ui.mishaps.broken"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("makegood.doors.clock.urls")),
    path("", include("makegood.doors.ui.urls")),
    path("", include("makegood.doors.portal.urls")),
    path("console/", include("makegood.doors.console.urls")),
    path("api/", include("makegood.doors.api.urls")),
    path("hooks/in/", include("makegood.doors.api.incoming")),
]
