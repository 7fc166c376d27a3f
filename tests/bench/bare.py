"""The least that a page costs in Django: one view, one template, no middleware.

The page is a list: a fixed frame, and as many rows of three escaped values, about 250 bytes each, as make it as large as the page
it is compared with (`/?bytes=48000`).
"""

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

TEMPLATE = """<!doctype html>
<html lang="en">
  <head><meta charset="utf-8"><title>{{ title }}</title><link rel="stylesheet" href="/site.css"></head>
  <body>
    <header><a href="/">Home</a></header>
    <main>
      <h1>{{ title }}</h1>
      <ul>
        {% for row in rows %}
          <li><h2><a href="/rows/{{ row.id }}/">{{ row.name }}</a></h2>{% if row.text %}<p>{{ row.text }}</p>{% endif %}</li>
        {% endfor %}
      </ul>
    </main>
  </body>
</html>
"""
FRAME_BYTES, ROW_BYTES = 300, 250

settings.configure(
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF=__name__,
    MIDDLEWARE=[],
    TEMPLATES=[
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "OPTIONS": {"loaders": [("django.template.loaders.locmem.Loader", {"list.html": TEMPLATE})]},
        }
    ],
)
settings.TEMPLATES[0]["OPTIONS"]["loaders"] = [
    ("django.template.loaders.cached.Loader", settings.TEMPLATES[0]["OPTIONS"]["loaders"])
]


def page(request: HttpRequest) -> HttpResponse:
    count = (int(request.GET["bytes"]) - FRAME_BYTES) // ROW_BYTES
    rows = [{"id": number, "name": f"Row number {number}", "text": "word " * 32} for number in range(count)]
    return render(request, "list.html", {"title": "A list", "rows": rows})


urlpatterns = [path("", page)]
application = get_wsgi_application()
