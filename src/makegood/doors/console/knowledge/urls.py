"""The addresses of the knowledge base, below /console/knowledge/. ``key`` is an article's key or KB-n."""

from django.urls import path

from makegood.doors.console.knowledge import acts, editor, exchanging, images, listing, page, vain, versions, worth

urlpatterns = [
    path("", listing.page, name="knowledge"),
    path("new/", editor.new, name="article_new"),
    path("draft/", editor.keep_new, name="article_keep_new"),
    path("preview/", editor.preview, name="article_preview"),
    path("searches/", vain.page, name="knowledge_searches"),
    path("searches/settle/", vain.settle, name="knowledge_settle"),
    path("worth/", worth.page, name="knowledge_worth"),
    path("worth/table/", worth.table, name="knowledge_worth_table"),
    path("files/", exchanging.page, name="knowledge_files"),
    path("files/all.zip", exchanging.everything, name="knowledge_zip"),
    path("pictures/<slug:key>/", images.picture, name="article_picture"),
    path("pictures/<slug:key>/remove/", images.remove, name="article_picture_remove"),
    path("<str:key>/", page.page, name="article"),
    path("<str:key>/facts/", acts.facts, name="article_facts"),
    path("<str:key>/do/<slug:deed>/", acts.act, name="article_act"),
    path("<str:key>/pictures/", images.add, name="article_picture_add"),
    path("<str:key>/<str:language>/edit/", editor.edit, name="article_edit"),
    path("<str:key>/<str:language>/draft/", editor.keep, name="article_keep"),
    path("<str:key>/<str:language>/versions/", versions.page, name="article_versions"),
    path("<str:key>/<str:language>/versions/<int:number>/restore/", versions.restore, name="article_restore"),
    path("<str:key>/<str:language>/article.md", exchanging.one, name="article_markdown"),
]
