"""What the layers of the site leave for one another in the WSGI environment of a request (Django's request.META)."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from producerguide.pagecache import PageCache

Environ = dict[str, Any]

REQUEST_ID = "producerguide.id"  # str, by middleware.identify: joins the line of a request with its messages
ROUTE = "producerguide.route"  # str, by middleware.identify: the name of the view that answered
PAGES = "producerguide.pages"  # PageCache, by itself: what /readyz reports on


def pages(environ: Environ) -> "PageCache | None":
    """The page cache in front of Django; none in development and in tests of Django alone."""
    return environ.get(PAGES)
