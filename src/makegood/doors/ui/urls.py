"""What both doors share: the change of language and the style page."""

from django.templatetags.static import static
from django.urls import path
from django.views.generic import RedirectView
from django.views.i18n import set_language

from makegood.doors.ui import style

urlpatterns = [
    path("favicon.ico", RedirectView.as_view(url=static("ui/mark.svg"))),
    path("language/", set_language, name="set_language"),
    path("console/style/", style.page, name="style"),
]
