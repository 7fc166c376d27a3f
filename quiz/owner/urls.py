from django.contrib import admin
from django.urls import path

from quiz.owner import views
from quiz.owner.signin import login

urlpatterns = [
    path("login/", login),
    path("statistics/", admin.site.admin_view(views.statistics_page), name="statistics"),
    path("statistics/completions.csv", admin.site.admin_view(views.completions_csv), name="completions_csv"),
    path("statistics/votes.csv", admin.site.admin_view(views.votes_csv), name="votes_csv"),
    path("", admin.site.urls),
]
