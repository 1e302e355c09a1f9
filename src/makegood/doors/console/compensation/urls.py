"""The addresses of compensation, below /console/compensation/."""

from django.urls import path

from makegood.doors.console.compensation import cases, figures, redeeming

urlpatterns = [
    path("", cases.listing, name="compensations"),
    path("redeem/", redeeming.page, name="compensation_redeem"),
    path("given/", figures.page, name="compensation_given"),
    path("given/table/", figures.table, name="compensation_given_table"),
    path("<slug:key>/", cases.page, name="compensation"),
    path("<slug:key>/approve/", cases.approve, name="compensation_approve"),
    path("<slug:key>/decline/", cases.decline, name="compensation_decline"),
    path("<slug:key>/carried-out/", cases.carried_out, name="compensation_carried_out"),
    path("<slug:key>/take-back/", cases.take_back, name="compensation_take_back"),
]
