"""The addresses of the regular review, below /console/."""

from django.urls import path

from makegood.doors.console.reviews import acts, pages

urlpatterns = [
    path("review/", pages.listing, name="reviews"),
    path("review/improvements/<int:pk>/end/", acts.end, name="improvement_end"),
    path("review/improvements/<int:pk>/action/", acts.make_action, name="improvement_action"),
    path("review/<slug:key>/", pages.page, name="review"),
    path("review/<slug:key>/pdf/", pages.pdf, name="review_pdf"),
    path("review/<slug:key>/write/", acts.write, name="review_write"),
    path("review/<slug:key>/decide/", acts.decide, name="review_decide"),
    path("review/<slug:key>/sign/", acts.sign, name="review_sign"),
    path("reviews/<str:number>/", pages.by_number, name="review_by_number"),
    path("improvements/<str:number>/", pages.improvement, name="improvement"),
]
