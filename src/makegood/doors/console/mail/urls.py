"""The addresses of mail, below /console/mail/."""

from django.urls import path

from makegood.doors.console.mail import arrived, held, sent

urlpatterns = [
    path("", held.home, name="mail"),
    path("held/", held.page, name="mail_held"),
    path("held/discard/", held.discard, name="mail_discard"),
    path("held/undiscard/", held.undiscard, name="mail_undiscard"),
    path("in/", arrived.page, name="mail_arrived"),
    path("in/<str:key>/", arrived.one, name="mail_one"),
    path("in/<str:key>/raw/", arrived.raw, name="mail_raw"),
    path("in/<str:key>/html/", arrived.html, name="mail_html"),
    path("in/<str:key>/release/", held.release, name="mail_release"),
    path("in/<str:key>/attach/", held.attach, name="mail_attach"),
    path("out/", sent.page, name="mail_sent"),
    path("out/<int:pk>/", sent.one, name="mail_sent_one"),
    path("out/<int:pk>/retry/", sent.retry, name="mail_retry"),
]
