"""The addresses of insights, below /console/insights/."""

from django.urls import path

from makegood.doors.console.insights import behind, mail, page, table

urlpatterns = [
    path("", page.home, name="insights"),
    path("behind/", behind.page, name="insights_behind"),
    path("mail/", mail.change, name="insights_mail"),
    path("table/<slug:slug>/", table.table, name="insights_table"),
    path("<slug:name>/", page.page, name="insights_page"),
]
