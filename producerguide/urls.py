from django.conf import settings
from django.urls import include, path

from producerguide import pages, probes

urlpatterns = [
    path("", pages.home, name="home"),
    path("guide/", pages.guide, name="guide"),
    path("guide/headphones/", pages.headphones, name="headphones"),
    path("guide/plugins/", pages.plugins, name="plugins"),
    path("roles/", pages.roles, name="roles"),
    path("roles/<slug:slug>/", pages.role, name="role"),
    path("roles/<slug:slug>/checklist/", pages.checklist, name="checklist"),
    path("roles/<slug:slug>/gear/", pages.gear, name="gear"),
    path("learn/", pages.learn, name="learn"),
    path("learn/<slug:id_>/", pages.topic, name="topic"),
    path("resources/", pages.resources, name="resources"),
    path("glossary/", pages.glossary, name="glossary"),
    path("method/", pages.method, name="method"),
    path("about/", pages.about, name="about"),
    path("accessibility/", pages.accessibility, name="accessibility"),
    path("livez", probes.livez, name="livez"),
    path("readyz", probes.readyz, name="readyz"),
    path("sitemap.xml", pages.sitemap, name="sitemap"),
    path("robots.txt", pages.robots, name="robots"),
    path("site.webmanifest", pages.manifest, name="manifest"),
    path("favicon.ico", pages.favicon, name="favicon"),
    path("", include("quiz.urls")),
    path("admin/", include("quiz.owner.urls")),
    *([path("styleguide/", pages.styleguide, name="styleguide")] if settings.DEBUG else []),
]
