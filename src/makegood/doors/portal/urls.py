"""The reporter's addresses. A secret stands in an address only until it has been taken out of it."""

from django.urls import include, path

from makegood.doors.portal import find, known, making_good, rating, send, speak, status, uploads, verdict, write

app_name = "portal"
urlpatterns = [
    path("", write.start, name="start"),
    path("report/save/", write.autosave, name="autosave"),
    path("report/later/", write.later, name="later"),
    path("report/forget/", write.forget, name="forget"),
    path("report/known/", known.typing, name="known"),
    path("report/files/", uploads.upload, name="upload"),
    path("report/files/<slug:key>/", uploads.preview, name="preview"),
    path("report/files/<slug:key>/remove/", uploads.remove, name="remove_file"),
    path("report/files/<slug:key>/blank/", uploads.blank, name="blank_file"),
    path("report/check/", send.check, name="check"),
    path("report/send/", send.send, name="send"),
    path("report/done/MG-<int:number>/", send.done, name="done"),
    path("report/<slug:slug>/", write.step, name="step"),
    path("r/", status.latest, name="latest"),
    path("r/MG-<int:number>/", status.report, name="report"),
    path("r/MG-<int:number>/say/", speak.say, name="say"),
    path("r/MG-<int:number>/goes-on/", status.goes_on, name="goes_on"),
    path("r/MG-<int:number>/me-too/", known.me_too, name="me_too"),
    path("r/MG-<int:number>/answer/", speak.answer, name="answer"),
    path("r/MG-<int:number>/try/", status.guide, name="guide"),
    path("r/MG-<int:number>/tried/", speak.tried, name="tried"),
    path("r/MG-<int:number>/solved/", verdict.verdict, name="verdict"),
    path("r/MG-<int:number>/works-now/", verdict.solved_itself, name="solved_itself"),
    path("r/MG-<int:number>/offer/", making_good.offer, name="offer"),
    path("r/MG-<int:number>/offer/<slug:key>/", making_good.answer, name="offer_answer"),
    path("r/MG-<int:number>/rate/", rating.rate, name="rate"),
    path("r/MG-<int:number>/files/<slug:key>/", status.file, name="file"),
    path("r/MG-<int:number>/pictures/<slug:key>/", status.picture, name="picture"),
    path("r/<slug:token>/", status.arrive, name="arrive"),
    path("r/<slug:token>/how/<int:score>/", rating.arrive, {"name": "score"}, name="arrive_to_rate"),
    path("r/<slug:token>/now/<int:score>/", rating.arrive, {"name": "again"}, name="arrive_to_rate_again"),
    path("r/<slug:token>", status.arrive),
    path("", include("makegood.doors.portal.status_urls")),
    path("no-surveys/<str:token>/", rating.no_surveys, name="no_surveys"),
    path("find/", find.find, name="find"),
    path("find/sent/", find.sent, name="find_sent"),
    path("mine/", find.mine, name="mine"),
    path("mine/leave/", find.leave, name="leave"),
    path("mine/<slug:token>/", find.confirm_login, name="confirm_login"),
    path("mine/<slug:token>/show/", find.log_in, name="log_in"),
]
