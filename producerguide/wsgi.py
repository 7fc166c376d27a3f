"""The application that a server runs: kept pages first, then static files, then Django."""

import gc
import os
from collections.abc import Callable, Set
from threading import Event, Thread
from wsgiref.headers import Headers

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "producerguide.settings")

from producerguide import settings as read_once

read_once.DATABASES = {"default": read_once.serving(read_once.DATABASES["default"])}  # before Django reads the settings

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.urls import Resolver404, resolve
from whitenoise import WhiteNoise

from producerguide.logs import RequestLog
from producerguide.pagecache import PageCache
from quiz import scoring
from quiz.catalogue import ContentError, catalogue
from quiz.http import parameters_of

NEVER_KEPT = ("/static/", "/admin/", "/livez", "/readyz")
WARM_SECONDS = 45 * 60  # sooner than the pages run out

django_application = get_wsgi_application()

from quiz.counting import recorder, shown  # models can be read only now

# Everything that a request may ask of the content is read and worked out before the first one; a fault in it
# stops the start and names every file and key.
try:
    for questionnaire in catalogue().questionnaires.values():
        scoring.scale_of(questionnaire)
except ContentError as error:
    raise SystemExit(f"The content has faults:\n{error}") from error


def static_headers(headers: Headers, path: str, url: str) -> None:
    # Every name has a hash of the content in it.
    headers["Cache-Control"] = "public, max-age=31536000, immutable"
    for name, value in settings.RESPONSE_HEADERS.items():
        headers[name] = value
    if "/img/card." in url:  # other sites show it with a shared link
        headers["Cross-Origin-Resource-Policy"] = "cross-origin"


def parameters(path: str) -> Set[str] | None:
    """What the page at a path reads of its query; None where there is no page to keep."""
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
    application.warm(paths, settings.SITE_HOST)
    # Freeze start-up objects out of the garbage collector, and let it run rarely: it took a quarter of the time of a render.
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000)
    while not stopped.wait(WARM_SECONDS):
        application.warm(paths, settings.SITE_HOST)


files = WhiteNoise(
    django_application, root=settings.STATIC_ROOT, prefix=settings.STATIC_URL, add_headers_function=static_headers
)
files.files.pop(f"{settings.STATIC_URL}staticfiles.json", None)
log = RequestLog(os.fdopen(1, "ab", closefd=False))
application = PageCache(
    files, parameters=parameters, log=log, most_bytes=settings.PAGE_CACHE_BYTES, https=settings.SITE_HTTPS
)

# No request waits for any of these.
in_background(shown.refresh_for_ever)
in_background(recorder.catch_up_for_ever)
in_background(log.flush_for_ever)
in_background(warm_for_ever)
