"""The console's addresses. The report page stands in ``report_urls``, set-up in ``setup.urls``."""

from django.urls import include, path

from makegood.doors.console import ahead, change_views, login, my_keys, palette, queue, saved, search, take_out, tokens
from makegood.doors.console.analyses import editor

app_name = "console"

urlpatterns = [
    path("", queue.home, name="home"),
    path("login/", login.sign_in, name="login"),
    path("logout/", login.sign_out, name="logout"),
    path("welcome/<str:token>/", login.welcome, name="welcome"),
    path("me/", login.my_settings, name="me"),
    path("me/keys/", my_keys.my_keys, name="my_keys"),
    path("me/password/", login.my_password, name="my_password"),
    path("me/tokens/", tokens.mine, name="my_tokens"),
    path("me/tokens/make/", tokens.make, name="my_token_make"),
    path("tokens/<slug:key>/", tokens.one, name="token"),
    path("tokens/<slug:key>/rotate/", tokens.rotate, name="token_rotate"),
    path("tokens/<slug:key>/revoke/", tokens.revoke, name="token_revoke"),
    path("queue/", queue.page, name="queue"),
    path("queue/rows/", queue.rows, name="rows"),
    path("queue/ahead/", ahead.rule, name="ahead"),
    path("queue/rail/", queue.rail, name="rail"),
    path("queue/table/", take_out.table, name="queue_table"),
    path("queue/change/", change_views.change, name="change"),
    path("queue/undo/<str:entries>/", change_views.undo_changes, name="undo"),
    path("bulk/start/", change_views.start, name="bulk_start"),
    path("bulk/<str:key>/", change_views.progress, name="bulk"),
    path("bulk/<str:key>/stop/", change_views.stop, name="bulk_stop"),
    path("bulk/<str:key>/undo/", change_views.take_back, name="bulk_undo"),
    path("palette/", palette.search, name="palette"),
    path("search/", search.page, name="search"),
    path("search/tabs/", search.tabs, name="search_tabs"),
    path("queue/views/save/", saved.save, name="view_save"),
    path("queue/views/<int:pk>/", saved.change, name="view_change"),
    path("queue/views/<int:pk>/pin/", saved.pin, name="view_pin"),
    path("queue/views/<int:pk>/remove/", saved.remove, name="view_remove"),
    path("problems/", include("makegood.doors.console.fix")),
    path("compensation/", include("makegood.doors.console.compensation.urls")),
    path("mail/", include("makegood.doors.console.mail.urls")),
    path("problems/", include("makegood.doors.console.analyses.urls")),
    path("", include("makegood.doors.console.aftercare.urls")),
    path("problems/", include("makegood.doors.console.problems.urls")),
    path("insights/", include("makegood.doors.console.insights.urls")),
    path("", include("makegood.doors.console.reviews.urls")),
    path("status/", include("makegood.doors.console.status.urls")),
    path("actions/", include("makegood.doors.console.actions.urls")),
    path("rcas/<str:number>/", editor.of, name="rca_of"),
    path("knowledge/", include("makegood.doors.console.knowledge.urls")),
    path("setup/", include("makegood.doors.console.setup.urls")),
    path("", include("makegood.doors.console.report_urls")),
    # Last of all: whoever works here stays in the console when an address leads nowhere.
    path("<path:rest>/", queue.nowhere, name="nowhere"),
]
