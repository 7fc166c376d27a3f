"""The real server on a free port, with a database of its own."""

import os
import random
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.request import urlopen

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Site:
    url: str
    database: Path
    process: subprocess.Popen[bytes]


def collect(static_root: Path) -> None:
    """Collect the static files as a release has them."""
    command = [sys.executable, "manage.py", "collectstatic", "--no-input", "--verbosity", "0"]
    subprocess.run(command, cwd=ROOT, env=os.environ | {"STATIC_ROOT": str(static_root)}, check=True)


@contextmanager
def serve(
    folder: Path,
    static_root: Path,
    *,
    port: int = 0,
    database: Path | None = None,
    wrapper: Sequence[str] = (),
    migrate: bool = True,
    **environment: str,
) -> Iterator[Site]:
    """Serve the collected files of `static_root` and the pages until the block ends; `folder` gets the log and the database.

    `port` 0 takes a free one; `wrapper` is a command that runs the server, such as `taskset -c 0`.
    """
    database, port = database or folder / "site.sqlite3", port or free_port()
    environment = (
        os.environ
        | {
            "DATABASE_URL": f"sqlite:///{database}",
            "STATIC_ROOT": str(static_root),
            "SITE_URL": f"http://127.0.0.1:{port}",
            "PORT": str(port),
        }
        | environment
    )
    if migrate:
        command = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
        subprocess.run(command, cwd=ROOT, env=environment, check=True)
    command = [*wrapper, sys.executable, "-m", "producerguide.server"]
    with (folder / "server.log").open("ab") as log:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log)
    try:
        wait_for(port, process)
        yield Site(f"http://127.0.0.1:{port}", database, process)
    finally:
        process.terminate()
        process.wait(20)


def free_port() -> int:
    """Below those that a system gives to whoever connects: such a one might be taken before the server has it."""
    for port in random.sample(range(20_000, 32_000), 200):
        with socket.socket() as free, suppress(OSError):
            free.bind(("127.0.0.1", port))
            return port
    raise RuntimeError("No port is free")


def wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    """Wait until the server answers; it listens sooner, before it has read its content."""
    while process.poll() is None:
        try:
            with urlopen(f"http://127.0.0.1:{port}/livez"):
                return
        except OSError:
            time.sleep(0.01)
    raise RuntimeError(f"The server stopped with {process.returncode}")
