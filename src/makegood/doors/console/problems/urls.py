"""The addresses of problems, below /console/problems/. ``number`` is ``12`` or ``PRB-12``."""

from django.urls import path

from makegood.doors.console.problems import acts, insight, listing, members, page, public_words, reach, telling, words

urlpatterns = [
    path("", listing.page, name="problems"),
    path("open/", words.open_one, name="problem_open"),
    path("insight/", insight.page, name="problem_insight"),
    path("insight/table/", insight.table, name="problem_insight_table"),
    path("undo/<int:entry>/", acts.undo, name="problem_undo"),
    path("announcements/<slug:key>/", telling.announcement, name="announcement"),
    path("announcements/<slug:key>/whom/", reach.table, name="announcement_whom"),
    path("announcements/<slug:key>/<slug:deed>/", telling.act, name="announcement_act"),
    path("<str:number>/", page.page, name="problem"),
    path("<str:number>/recurrence/<int:pk>/", telling.settle, name="problem_recurrence"),
    path("<str:number>/tell/", telling.write, name="problem_tell"),
    path("<str:number>/edit/", words.edit, name="problem_edit"),
    path("<str:number>/public/", public_words.page, name="problem_public"),
    path("<str:number>/move/", acts.move, name="problem_move"),
    path("<str:number>/hand/", acts.hand, name="problem_hand"),
    path("<str:number>/note/", acts.note, name="problem_note"),
    path("<str:number>/protect/", acts.protect, name="problem_protect"),
    path("<str:number>/leave/", members.leave, name="problem_leave"),
    path("<str:number>/split/", members.split, name="problem_split"),
    path("<str:number>/merge/", members.merge, name="problem_merge"),
    path("<str:number>/unmerge/", members.unmerge, name="problem_unmerge"),
]
