"""The WSGI application: the page cache, then static files, then bodies, then Django; and the threads in the background."""

import gc
import os
from collections.abc import Callable, Set
from functools import lru_cache
from threading import Event, Thread
from wsgiref.headers import Headers

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "producerguide.settings")

from producerguide import settings as module

module.DATABASES = {"default": module.serving(module.DATABASES["default"])}  # before Django reads them

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.template.loader import render_to_string
from django.urls import Resolver404, resolve
from whitenoise import WhiteNoise

from producerguide.bodies import Bodies
from producerguide.logs import RequestLog
from producerguide.pagecache import PageCache
from quiz import scoring
from quiz.catalogue import ContentError, catalogue
from quiz.http import parameters_of

# A locked database may hold a request up for a quarter of a second; another goes on meanwhile. More would only take turns on one core:
# with four, the slowest results took twice as long.
ANSWERING = 2
WAITING = 240  # for bodies; server.py has threads for these and for pages
NEVER_KEPT = ("/static/", "/admin/", "/livez", "/readyz")
WARM_SECONDS = 45 * 60  # before the pages expire, after an hour

django_application = get_wsgi_application()

from quiz.counting import recorder, shown  # needs Django to be set up

# Read the content and compute its scales before the first request. A fault stops the start.
try:
    for questionnaire in catalogue().questionnaires.values():
        scoring.scale_of(questionnaire)
except ContentError as error:
    raise SystemExit(f"The content has faults:\n{error}") from error


def static_headers(headers: Headers, path: str, url: str) -> None:
    # For ever, because a changed file has another hash in its name.
    headers["Cache-Control"] = "public, max-age=31536000, immutable"
    for name, value in settings.RESPONSE_HEADERS.items():
        headers[name] = value
    if "/img/card." in url:  # other sites show it with a shared link
        headers["Cross-Origin-Resource-Policy"] = "cross-origin"


@lru_cache(maxsize=64)  # for the paths that many addresses share
def parameters(path: str) -> Set[str] | None:
    """The query parameters that the page at a path reads; None where no page may be kept."""
    if path.startswith(NEVER_KEPT):
        return None
    try:
        view = resolve(path).func
    except Resolver404:
        return None
    return parameters_of(view)


def in_background(work: Callable[[Event], None]) -> None:
    Thread(target=work, args=[Event()], daemon=True).start()


def warm_for_ever(stopped: Event) -> None:
    paths = [*catalogue().pages, "/quiz.json"]
    cache.warm(paths, settings.SITE_HOST)
    # Freeze start-up objects out of the garbage collector and run it less often: it took a quarter of the time of a render. Every request
    # leaves a circle of itself and what htmx asks behind.
    gc.collect()
    gc.freeze()
    gc.set_threshold(4_000)
    while not stopped.wait(WARM_SECONDS):
        cache.warm(paths, settings.SITE_HOST)


bodies = Bodies(
    django_application,
    waiting=WAITING,
    answering=ANSWERING,
    most_bytes=settings.DATA_UPLOAD_MAX_MEMORY_SIZE,
    busy=render_to_string("busy.html").encode(),
    headers=[("Content-Type", "text/html; charset=utf-8"), ("Connection", "close"), *settings.RESPONSE_HEADERS.items()],
)
files = WhiteNoise(bodies, root=settings.STATIC_ROOT, prefix=settings.STATIC_URL, add_headers_function=static_headers)
files.files.pop(f"{settings.STATIC_URL}staticfiles.json", None)
log = RequestLog(os.fdopen(1, "ab", closefd=False))
cache = PageCache(
    files, parameters=parameters, log=log.add, most_bytes=settings.PAGE_CACHE_BYTES, https=settings.SITE_HTTPS
)
application = cache.__call__  # bound once; to find it in the class for each request takes as long as to find the page

in_background(shown.refresh_for_ever)
in_background(recorder.catch_up_for_ever)
in_background(log.flush_for_ever)
in_background(warm_for_ever)
