"""The application that a server runs: static files first, then Django."""

import os
from threading import Event, Thread
from wsgiref.headers import Headers

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "producerguide.settings")
os.environ["SERVING"] = "true"

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from whitenoise import WhiteNoise

from quiz import scoring
from quiz.catalogue import ContentError, catalogue

django_application = get_wsgi_application()

from quiz.stats import shown  # models can be read only now

# Everything that a request may ask of the content is read and worked out before the first one; a fault in it
# stops the start and names every file and key.
try:
    for questionnaire in catalogue().questionnaires.values():
        scoring.scale_of(questionnaire)
except ContentError as error:
    raise SystemExit(f"The content has faults:\n{error}") from error


# Counts are shown, but no request waits for them.
Thread(target=shown.refresh_for_ever, args=[Event()], daemon=True).start()


def static_headers(headers: Headers, path: str, url: str) -> None:
    # Every name has a hash of the content in it.
    headers["Cache-Control"] = "public, max-age=31536000, immutable"
    for name, value in settings.RESPONSE_HEADERS.items():
        headers[name] = value


application = WhiteNoise(
    django_application,
    root=settings.STATIC_ROOT,
    prefix=settings.STATIC_URL,
    add_headers_function=static_headers,
)
