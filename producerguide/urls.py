from django.conf import settings
from django.urls import include, path

from producerguide import finding, pages, probes

urlpatterns = [
    path("", include("quiz.urls")),  # first: each visitor asks for others of these, and the pages below are kept
    path("", pages.home, name="home"),
    path("guide/", pages.article, {"body": "guide/_guide.html"}, name="guide"),
    path("guide/headphones/", pages.article, {"body": "guide/_headphones.html"}, name="headphones"),
    path("guide/plugins/", pages.article, {"body": "guide/_plugins.html"}, name="plugins"),
    path("roles/", pages.roles, name="roles"),
    path("roles/<slug:slug>/", pages.role, name="role"),
    path("roles/<slug:slug>/checklist/", pages.checklist, name="checklist"),
    path("roles/<slug:slug>/gear/", pages.gear, name="gear"),
    path("learn/", pages.learn, name="learn"),
    path("learn/<slug:id_>/", pages.topic, name="topic"),
    path("resources/", pages.resources, name="resources"),
    path("questions/", pages.questions, name="questions"),
    path("search/", finding.search, name="search"),
    path("glossary/", pages.glossary, name="glossary"),
    path("method/", pages.method, name="method"),
    path("teach/", pages.article, {"body": "_teach.html"}, name="teach"),
    path("about/", pages.article, {"body": "_about.html"}, name="about"),
    path("accessibility/", pages.article, {"body": "_accessibility.html"}, name="accessibility"),
    path("livez", probes.livez, name="livez"),
    path("readyz", probes.readyz, name="readyz"),
    path("sitemap.xml", pages.file, {"name": "sitemap.xml", "content_type": "application/xml"}, name="sitemap"),
    path("robots.txt", pages.file, {"name": "robots.txt", "content_type": "text/plain; charset=utf-8"}, name="robots"),
    path(
        "site.webmanifest",
        pages.file,
        {"name": "site.webmanifest", "content_type": "application/manifest+json"},
        name="manifest",
    ),
    path("sw.js", pages.worker, name="worker"),
    path("favicon.ico", pages.favicon, name="favicon"),
    path("admin/", include("quiz.owner.urls")),
    *([path("styleguide/", pages.styleguide, name="styleguide")] if settings.DEBUG else []),
]
