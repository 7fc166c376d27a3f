"""The real server on a free port, with a database of its own."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Site:
    url: str
    database: Path


@contextmanager
def serve(folder: Path, static_root: Path) -> Iterator[Site]:
    """Serve the collected files of `static_root` and the pages, counting in `folder`, until the block ends."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    site = Site(f"http://127.0.0.1:{port}", folder / "site.sqlite3")
    environment = os.environ | {
        "DATABASE_URL": f"sqlite:///{site.database}",
        "STATIC_ROOT": str(static_root),
        "SITE_URL": site.url,
        "DJANGO_SETTINGS_MODULE": "producerguide.settings",
    }
    migrate = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
    subprocess.run(migrate, cwd=ROOT, env=environment, check=True)
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port)]
    command += ["--blocking-threads", "4", "--log-level", "warning", "producerguide.wsgi:application"]
    server = subprocess.Popen(command, cwd=ROOT, env=environment)
    try:
        _wait_for(port, server)
        yield site
    finally:
        server.terminate()
        server.wait(10)


def _wait_for(port: int, server: subprocess.Popen[bytes]) -> None:
    while server.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            continue
        return
    raise RuntimeError(f"The server stopped with {server.returncode}")
