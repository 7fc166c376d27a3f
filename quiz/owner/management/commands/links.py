from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

from django.core.management.base import BaseCommand

from quiz.catalogue import Catalogue, catalogue

AGENT = "ProducerGuide link check"
PATIENCE_SECONDS = 20
AT_ONCE = 8
# The page is there, but does not like programs: too many requests, no robots, a sign-in.
ALIVE = {401, 403, 405, 406, 429, 503}


class Command(BaseCommand):
    help = "Ask every address that the content names whether it still answers, and list those that do not. Needs a network."

    def handle(self, *args: Any, **options: Any) -> None:
        places = list(addresses(catalogue()))
        with ThreadPoolExecutor(AT_ONCE) as pool:
            faults = list(pool.map(lambda place: fault(place[1]), places))
        dead = [f"{place}: {url}: {why}" for (place, url), why in zip(places, faults, strict=True) if why]
        for line in dead:
            self.stdout.write(line)
        self.stdout.write(f"{len(places) - len(dead)} of {len(places)} addresses answer.")


def addresses(content: Catalogue) -> Iterator[tuple[str, str]]:
    """Where each address stands, and the address."""
    yield from ((f"sources.toml: {source.id}.url", source.url) for source in content.sources.values() if source.url)
    yield from (
        (f"resources.toml: {resource.id}.url", resource.url) for resource in content.resources.values() if resource.url
    )


def fault(url: str, *, ask: Callable[..., Any] = urlopen) -> str:
    """What is wrong with an address; empty if it answers."""
    try:
        ask(Request(url, headers={"User-Agent": AGENT}), timeout=PATIENCE_SECONDS).close()
    except HTTPError as error:
        return "" if error.code in ALIVE else f"answers {error.code}"
    except (URLError, OSError, ValueError) as error:
        return f"does not answer ({getattr(error, 'reason', error)})"
    except HTTPException as error:  # it quotes what the server said, line ends and all
        return f"does not answer in HTTP ({error!r})"
    return ""
