"""The keys under which our layers pass values to each other in a request's WSGI environment (Django's request.META)."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from producerguide.pagecache import PageCache

Environ = dict[str, Any]
App = Callable[[Environ, Any], Iterable[bytes]]

REQUEST_ID = "producerguide.id"  # str, set by middleware.identify: links a request's log line to its messages
ROUTE = "producerguide.route"  # str, set by middleware.identify: the name of the view
PAGES = "producerguide.pages"  # PageCache, set by itself: /readyz reports on it


def content_length(environ: Environ) -> int:
    """The bytes that a request says its body has; −1 where that is no number."""
    length = environ.get("CONTENT_LENGTH") or "0"
    # int() refuses thousands of digits; twenty are more than any body has.
    return int(length.lstrip("0")[:20] or 0) if length.isdecimal() else -1


def pages(environ: Environ) -> "PageCache | None":
    """The page cache in front of Django; None in development and in tests of Django alone."""
    return environ.get(PAGES)
