"""The addresses of an analysis, below /console/problems/. ``number`` is that of its problem: ``12`` or ``PRB-12``."""

from django.urls import path

from makegood.doors.console.actions import one
from makegood.doors.console.analyses import causes, editor, happened, review

urlpatterns = [
    path("<str:number>/rca/", editor.page, name="rca"),
    path("<str:number>/rca/begin/", editor.begin, name="rca_begin"),
    path("<str:number>/rca/draft/", editor.draft, name="rca_draft"),
    path("<str:number>/rca/document/", editor.read, name="rca_document"),
    path("<str:number>/rca/document/<slug:form>/", review.export, name="rca_export"),
    path("<str:number>/rca/do/<slug:deed>/", review.act, name="rca_act"),
    path("<str:number>/rca/timeline/", happened.page, name="rca_timeline"),
    path("<str:number>/rca/timeline/draft/", happened.redraft, name="rca_timeline_draft"),
    path("<str:number>/rca/timeline/<int:pk>/", happened.change, name="rca_row"),
    path("<str:number>/rca/causes/", causes.page, name="rca_causes"),
    path("<str:number>/rca/causes/<int:pk>/", causes.edit, name="rca_cause"),
    path("<str:number>/rca/causes/<int:pk>/remove/", causes.remove, name="rca_cause_remove"),
    path("<str:number>/actions/add/", one.add, name="action_add"),
]
