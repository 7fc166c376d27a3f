from django.urls import path

from quiz import result_views, views

urlpatterns = [
    path("quiz/", views.ask, name="ask"),
    path("quiz/finish/", views.finish, name="finish"),
    path("quiz/left/", views.left, name="left"),
    path("quiz.json", views.quiz_json, name="quiz_json"),
    path("result/<str:code>/", result_views.result_page, name="result"),
    path("result/<str:code>/result.json", result_views.result_json, name="result_json"),
    path("result/<str:code>/card.png", result_views.card_png, name="card"),
    path("result/<str:code>/qr.svg", result_views.qr_svg, name="qr"),
    path("result/<str:code>/plan.ics", result_views.plan_ics, name="plan"),
    path("result/<str:code>/fit/", result_views.fit, name="fit"),
    path("compare/<str:first>/<str:second>/", result_views.compare_page, name="compare"),
]
