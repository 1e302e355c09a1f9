"""The API's addresses: the reference, the description, the operations; anything else below /api/ is not found."""

from django.urls import path, re_path

from makegood.doors.api import reference
from makegood.doors.api.v1 import api

urlpatterns = [
    path("v1", reference.home, name="api_home"),
    path("v1/", reference.home),
    path("v1/docs", reference.page, name="api_docs"),
    path("v1/errors", reference.problem_page, name="api_problems"),
    path("v1/openapi.json", reference.description, name="api_description"),
    path("v1/", api.urls),
    re_path(r"^.*$", reference.nothing),
]
