"""The addresses of what comes after the fix, below /console/."""

from django.urls import path

from makegood.doors.console.aftercare import answers, calls, letters, results

urlpatterns = [
    path("calls/", calls.page, name="calls"),
    path("calls/letters/", letters.write, name="letters"),
    path("calls/undo/<int:entry>/", calls.undo, name="call_undo"),
    path("calls/wishes/<str:key>/", calls.wish, name="call_wish"),
    path("calls/<int:promise>/", calls.one, name="call"),
    path("feedback/", results.page, name="feedback"),
    path("feedback/table/", results.table, name="feedback_table"),
    path("feedback/answers/", answers.page, name="feedback_answers"),
    path("feedback/answers/table/", answers.table, name="feedback_answers_table"),
]
