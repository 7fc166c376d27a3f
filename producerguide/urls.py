from django.contrib import admin
from django.urls import include, path

from producerguide import views

urlpatterns = [
    path("", views.home, name="home"),
    path("roles/<slug:slug>/", views.role, name="role"),
    path("method/", views.method, name="method"),
    path("", include("quiz.urls")),
    path("admin/", admin.site.urls),
]
