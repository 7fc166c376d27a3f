"""A bound on guessing the owner's password: for the whole process, because an address can be forged and shared.

Limits for each address belong to the proxy in front. Who floods this form keeps the owner out for as long as the flood lasts; that
is the price of it, and nothing else stops.
"""

from django.contrib import admin
from django.http import HttpRequest, HttpResponse, HttpResponseBase

from quiz.bucket import Bucket

ATTEMPTS_A_SECOND, MOST_AT_ONCE = 0.1, 10.0

attempts = Bucket(ATTEMPTS_A_SECOND, MOST_AT_ONCE)


def login(request: HttpRequest) -> HttpResponseBase:
    if request.method == "POST" and not attempts.take():
        return HttpResponse(
            "Too many attempts to sign in. Wait a minute, then go back and try again.\n",
            status=429,
            content_type="text/plain; charset=utf-8",
            headers={"Retry-After": "60"},
        )
    return admin.site.login(request)
