"""A limit on sign-in attempts, so that nobody can guess the owner's password.

It holds for the whole process, because addresses can be forged and shared; the proxy in front can limit each address. The
price: a flood of attempts keeps the owner out while it lasts. The site itself goes on.
"""

from django.contrib import admin
from django.http import HttpRequest, HttpResponse, HttpResponseBase

from quiz.bucket import Bucket

ATTEMPTS_A_SECOND, MOST_AT_ONCE = 0.1, 10.0

attempts = Bucket(ATTEMPTS_A_SECOND, MOST_AT_ONCE)


def login(request: HttpRequest) -> HttpResponseBase:
    if request.method == "POST" and not attempts.take():
        return HttpResponse(
            "Too many attempts to sign in. Please wait a minute, then go back and try again.\n",
            status=429,
            content_type="text/plain; charset=utf-8",
            headers={"Retry-After": "60"},
        )
    return admin.site.login(request)
