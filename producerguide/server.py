"""Serve the site: `python -m producerguide.server`, with HOST, PORT and WORKERS from the environment.

One place for what `make serve`, the tests, the measurements and a deployment must have in common.
"""

import os
import socket
from typing import Any

from environs import Env, EnvError, validate
from granian import Granian
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels

from producerguide import settings  # a bad one stops the start here, before any process is made

# A locked database may hold a request up for a quarter of a second; another goes on meanwhile. More threads would only take
# turns on one core: with four, the slowest results took twice as long.
THREADS = 2
# To glibc: no memory of its own for each thread, and what compression has used is given back (by default it raises this
# threshold, of 128 kB, each time). Together they save some 35 MB.
MEMORY = {"MALLOC_ARENA_MAX": "1", "MALLOC_MMAP_THRESHOLD_": "131072"}
# Somebody who sends a header slower than this holds a connection and nothing else.
HEADER_SECONDS = 10


def server() -> Any:
    env = Env()
    try:
        host, port, workers = (
            env.str("HOST", "127.0.0.1"),
            env.int("PORT", 8000, validate=validate.Range(1, 65535)),
            env.int("WORKERS", 1),
        )
    except EnvError as error:
        settings.refuse(f"Bad environment: {error}")
    refuse_a_taken_port(host, port)
    for name, value in MEMORY.items():
        os.environ.setdefault(name, value)
    return Granian(
        "producerguide.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        http=HTTPModes.http1,
        workers=workers,
        blocking_threads=THREADS,
        websockets=False,
        http1_settings=HTTP1Settings(header_read_timeout=HEADER_SECONDS * 1000),
        respawn_failed_workers=True,
        workers_kill_timeout=10,
        log_level=LogLevels.warning,
        working_dir=settings.BASE_DIR,
    )


def refuse_a_taken_port(host: str, port: int) -> None:
    """The server itself would quietly share it with the one that is there."""
    try:
        with socket.create_server((host, port)):
            pass
    except OSError as error:
        settings.refuse(f"{host}:{port} cannot be used ({error}). PORT=8001 names another port.")


if __name__ == "__main__":
    server().serve()
