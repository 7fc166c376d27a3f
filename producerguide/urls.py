from django.conf import settings
from django.contrib import admin
from django.urls import include, path

from producerguide import views
from producerguide.signin import login
from quiz import statistics_views

urlpatterns = [
    path("", views.home, name="home"),
    path("guide/", views.guide, name="guide"),
    path("guide/headphones/", views.headphones, name="headphones"),
    path("guide/plugins/", views.plugins, name="plugins"),
    path("roles/", views.roles, name="roles"),
    path("roles/<slug:slug>/", views.role, name="role"),
    path("roles/<slug:slug>/checklist/", views.checklist, name="checklist"),
    path("roles/<slug:slug>/gear/", views.gear, name="gear"),
    path("learn/", views.learn, name="learn"),
    path("learn/<slug:id_>/", views.topic, name="topic"),
    path("resources/", views.resources, name="resources"),
    path("glossary/", views.glossary, name="glossary"),
    path("method/", views.method, name="method"),
    path("about/", views.about, name="about"),
    path("accessibility/", views.accessibility, name="accessibility"),
    path("livez", views.livez, name="livez"),
    path("readyz", views.readyz, name="readyz"),
    path("sitemap.xml", views.sitemap, name="sitemap"),
    path("robots.txt", views.robots, name="robots"),
    path("site.webmanifest", views.manifest, name="manifest"),
    path("favicon.ico", views.favicon, name="favicon"),
    path("", include("quiz.urls")),
    path("admin/login/", login),
    path("admin/statistics/", admin.site.admin_view(statistics_views.statistics_page), name="statistics"),
    path(
        "admin/statistics/completions.csv",
        admin.site.admin_view(statistics_views.completions_csv),
        name="completions_csv",
    ),
    path("admin/statistics/votes.csv", admin.site.admin_view(statistics_views.votes_csv), name="votes_csv"),
    path("admin/", admin.site.urls),
    *([path("styleguide/", views.styleguide, name="styleguide")] if settings.DEBUG else []),
]
