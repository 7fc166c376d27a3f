"""Serve the site: `python -m producerguide.server`, with HOST, PORT and WORKERS from the environment.

One place for what `make serve`, the tests, the measurements and a deployment must have in common.
"""

import signal

if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # nothing is open yet: Ctrl-C ends it without a traceback

import ctypes
import gc
import multiprocessing
import os
import socket
import sys
import time
from collections.abc import Callable, Collection
from functools import partial
from importlib import import_module
from multiprocessing.util import Finalize
from threading import Thread
from typing import Any

from environs import Env, EnvError, validate
from granian import Granian
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels

from producerguide import settings  # a bad one stops the start here, before any process is made

# Most of them wait for bodies, if any do; wsgi.py says how many of each.
THREADS = 256
# glibc: one arena for all threads, and fixed thresholds so that the memory of the best compression is given back. That of a quick one is
# kept for the next: to get it from the system each time took longer than to compress a question. The environment would say it to a process
# that is started, and workers are forked.
M_ARENA_MAX, M_MMAP_THRESHOLD, M_TRIM_THRESHOLD = -8, -3, -1
# Somebody who sends a header slower than this holds a connection and nothing else.
HEADER_SECONDS = 10
STOPS = {signal.SIGINT, signal.SIGTERM}


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
    spare_memory()
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
        log_level=LogLevels.error,
    )


def refuse_a_taken_port(host: str, port: int) -> None:
    """The server itself would quietly share it with the one that is there."""
    try:
        with socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET):
            pass
    except OSError as error:
        settings.refuse(f"{host}:{port} cannot be used ({error}). PORT=8001 names another port.")


def spare_memory() -> None:
    mallopt = getattr(ctypes.CDLL(None), "mallopt", lambda *_: 0)  # only glibc has one
    mallopt(M_ARENA_MAX, 1)
    mallopt(M_MMAP_THRESHOLD, 512 * 1024)
    mallopt(M_TRIM_THRESHOLD, 1024 * 1024)


def on_stop(signals: Collection[signal.Signals], stop: Callable[[], None]) -> None:
    """Let a thread call `stop` at the first of these signals. Granian's handlers run inside whatever they interrupt, and wait for
    themselves for ever where a second signal comes meanwhile: Ctrl-C and a supervisor both tell the worker, and so does the main process.
    """
    signal.pthread_sigmask(signal.SIG_BLOCK, STOPS)

    def wait() -> None:
        signal.sigwait(signals)
        stop()

    Thread(target=wait, daemon=True).start()


def load(host: str, port: int, target: str) -> Any:
    """In a worker: read the application, and say when it can be reached."""
    # The main process passes Ctrl-C on as SIGTERM, and its own handlers, which a worker inherits, would do nothing here.
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    on_stop({signal.SIGTERM}, stop_worker)
    path, _, name = target.partition(":")
    module = import_module(path)
    Finalize(None, module.log.flush, exitpriority=0)  # the last requests; a worker ends without atexit
    Thread(target=say_when_reached, args=[host, port], daemon=True).start()
    return getattr(module, name)


def stop_worker() -> None:
    """By Granian's handler, which lets requests in flight finish; before there is one, nothing is in flight."""
    handler = signal.getsignal(signal.SIGTERM)
    if callable(handler):
        handler(signal.SIGTERM, None)
    else:
        os._exit(0)


def say_when_reached(host: str, port: int) -> None:
    while True:
        try:
            with socket.create_connection((host, port)):
                break
        except OSError:
            time.sleep(0.02)
    print(f"Serving on http://{host}:{port} (Ctrl-C stops it)", file=sys.stderr, flush=True)


if __name__ == "__main__":
    if sys.platform == "linux":
        # As up to Python 3.13: a worker neither imports everything again nor looks through all of it at its end.
        multiprocessing.set_start_method("fork")
    site = server()
    # Workers inherit that the signals are held back, and so miss none before they wait for them.
    site.on_startup(partial(on_stop, STOPS, site.signal_handler_interrupt))
    site.serve(target_loader=partial(load, site.bind_addr, site.bind_port))
    gc.freeze()  # the interpreter would look through all that it holds before it ends: 0.2 s, and over a second on a busy machine
