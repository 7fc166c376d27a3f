from django.urls import path

from quiz import auditions, files, results, together, views

urlpatterns = [
    path("quiz/", views.ask, name="ask"),
    path("quiz/finish/", views.finish, name="finish"),
    path("quiz/left/", views.left, name="left"),
    path("try/", auditions.index, name="try"),
    path("try/<slug:slug>/", auditions.audition, name="audition"),
    path("try/<slug:slug>/done/", auditions.done, name="tried"),
    path("quiz.json", views.quiz_json, name="quiz_json"),
    path("result/<str:code>/", results.result_page, name="result"),
    path("result/<str:code>/result.json", files.result_json, name="result_json"),
    path("result/<str:code>/card.png", files.card_png, name="card"),
    path("result/<str:code>/story.png", files.story_png, name="story"),
    path("result/<str:code>/qr.svg", files.qr_svg, name="qr"),
    path("result/<str:code>/plan/", results.plan_page, name="weeks"),
    path("result/<str:code>/plan.ics", files.plan_ics, name="plan"),
    path("result/<str:code>/fit/", results.vote, name="vote"),
    path("compare/<str:first>/<str:second>/", together.compare_page, name="compare"),
    path("group/", together.group_page, name="group"),
]
