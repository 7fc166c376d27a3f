"""Addresses as people hand them on: what chat programs, forums, PDFs and hands do to a link, undone."""

import re

# Everything that is no letter or digit, at the ends of a part of a path.
STRAY = re.compile(r"^[\W_]+|[\W_]+$")
MOST_CHARACTERS = 2048


def mended(path: str) -> str:
    """The address that was probably meant by a path (decoded) where nothing is; mending it again changes nothing.

    Capitals, double slashes and stray characters go; an escaped question mark or number sign gets its meaning back, and so does a
    tracker that lost its question mark.
    """
    path, hash_, fragment = path[:MOST_CHARACTERS].partition("#")
    path, mark, query = path.partition("?")
    path, *_ = path.partition("&")
    parts = [STRAY.sub("", part).lower() for part in path.split("/")]
    parts = [part for part in parts if part]
    file = bool(parts) and "." in parts[-1]
    address = "".join(f"/{part}" for part in parts) + ("" if file else "/")
    return address + (mark + query if query else "") + (hash_ + fragment if fragment else "")
