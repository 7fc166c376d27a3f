from django.urls import path

from quiz import views

urlpatterns = [
    path("quiz/", views.ask, name="ask"),
    path("quiz/finish/", views.finish, name="finish"),
    path("quiz.json", views.quiz_json, name="quiz_json"),
    path("result/<str:code>/", views.result_page, name="result"),
    path("result/<str:code>/result.json", views.result_json, name="result_json"),
]
