"""Two copies of the site behind nginx, sharing a PostgreSQL: `make cluster` breaks one thing after another under load.

nginx runs with docs/deploy/nginx.conf, HTTPS included; only ports, paths and the limits an address are others, for here all
visitors have the same one. A GET fails unless it is 200 in 15 s. A finish is acknowledged when it leads to its result. Then one copy stands
behind the same file with its limits (proxy.py).
"""

import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from http.client import HTTPException
from pathlib import Path
from urllib.parse import unquote

import psycopg

from tests.bench.codes import code
from tests.bench.faults import kill_all
from tests.bench.proxy import ask, need, nginx, tried
from tests.browser.server import ROOT, Site, free_port, serve
from tests.postgresql import Server, find, install, postgresql

BR = {"Accept-Encoding": "gzip, deflate, br"}
READERS, FINISHERS, FINISHES_A_SECOND = 4, 2, 12  # the site counts 20 a second at most
PAUSE_SECONDS = 5.5  # after failed writes the site waits before the next (quiz/counting.py)
KNOWN = ["/", "/guide/", "/roles/", "/quiz/", "/roles/studio-producer/", "/learn/", "/method/", "/quiz.json"]


@dataclass
class Seen:
    """What visitors got since the last `take`."""

    gets: list[float] = field(default_factory=list)
    failed: Counter[object] = field(default_factory=Counter)
    refused: int = 0
    acknowledged: list[str] = field(default_factory=list)


@dataclass
class Cluster:
    database: Server
    folder: Path
    static: Path
    port: int
    ports: list[int]
    copies: dict[int, tuple[ExitStack, Site]] = field(default_factory=dict)

    def start(self, port: int) -> None:
        stack = ExitStack()
        own = self.folder / str(port)
        own.mkdir(exist_ok=True)
        site = serve(own, self.static, port=port, migrate=False, **self.environment)
        self.copies[port] = (stack, stack.enter_context(site))

    def kill(self, port: int) -> None:
        kill_all(self.copies[port][1])

    def stop(self, port: int) -> None:
        """As an update does: what is under way is finished."""
        self.copies.pop(port)[0].close()

    @property
    def environment(self) -> dict[str, str]:
        return {"DATABASE_URL": self.database.url, "SITE_URL": f"https://127.0.0.1:{self.port}"}


def main() -> None:
    install()
    need("nginx", "openssl", also=[] if find("initdb") else ["postgresql"])
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    with tempfile.TemporaryDirectory() as name, postgresql() as database:
        folder = Path(name)
        folder.chmod(0o755)  # nginx reads and writes it as somebody else
        cluster = Cluster(database, folder, folder / "static", free_port(), [free_port(), free_port()])
        manage(cluster, "collectstatic", "--no-input", "--verbosity", "0")
        manage(cluster, "migrate", "--verbosity", "0")
        try:
            for port in cluster.ports:
                cluster.start(port)
            with nginx(folder / "nginx", cluster.port, cluster.ports, limits=False):
                lost = drill(cluster)
        finally:
            for port in list(cluster.copies):
                cluster.stop(port)
        with ExitStack() as stack:
            held = tried(folder / "proxy", cluster.static, stack)
    sys.exit(lost or not held)


def drill(cluster: Cluster) -> int:
    """Break one thing after another; how many GETs failed and finishes are missing."""
    first, second = cluster.ports
    steps: list[tuple[str, Callable[[], object]]] = [
        ("nothing is broken", lambda: time.sleep(5)),
        ("one copy: kill -9, away for 4 s, started again", lambda: kill(cluster, first)),
        ("PostgreSQL restarted", lambda: cluster.database.control("restart", "-m", "fast")),
        ("the other copy: kill -9, away for 4 s, started again", lambda: kill(cluster, second)),
        ("PostgreSQL stopped for 10 s", lambda: away(cluster.database)),
        ("each copy stopped and started in turn, as an update does", lambda: update(cluster)),
    ]
    print(
        "| what happens | GETs | failed | slowest | finishes acknowledged | not answered |\n|---|--:|--:|--:|--:|--:|"
    )
    everything, failed = [], 0
    for what, do in steps:
        seen = under_load(cluster, do)
        everything += seen.acknowledged
        failed += seen.failed.total()
        print(
            f"| {what} | {len(seen.gets):,} | **{seen.failed.total()}** | {1000 * max(seen.gets):.0f} ms "
            f"| {len(seen.acknowledged)} | {seen.refused} |{seen.failed or ''}",
            flush=True,
        )
    counted = Counter(codes(cluster.database))
    missing, twice = set(everything) - set(counted), [code for code, times in counted.items() if times > 1]
    print(
        f"\n{len(everything)} finishes acknowledged, **{len(missing)}** of them missing in the database, {len(twice)} counted twice."
    )
    return failed + len(missing) + len(twice)


def kill(cluster: Cluster, port: int) -> None:
    cluster.kill(port)
    time.sleep(4)
    cluster.start(port)


def away(database: Server) -> None:
    database.control("stop", "-m", "fast")
    time.sleep(10)
    database.control("start")


def update(cluster: Cluster) -> None:
    for port in cluster.ports:
        cluster.stop(port)
        cluster.start(port)


def under_load(cluster: Cluster, do: Callable[[], object]) -> Seen:
    """Do it two seconds into a load that ends when the site has had the time to count again."""
    seen, stop = Seen(), threading.Event()
    people = [threading.Thread(target=read, args=(cluster.port, stop, seen, n)) for n in range(READERS)]
    people += [threading.Thread(target=finish, args=(cluster.port, stop, seen, n)) for n in range(FINISHERS)]
    for person in people:
        person.start()
    try:
        time.sleep(2)
        do()
        time.sleep(PAUSE_SECONDS)
    finally:
        stop.set()
        for person in people:
            person.join()
    time.sleep(PAUSE_SECONDS)  # what waits in the copies is written
    return seen


def read(port: int, stop: threading.Event, seen: Seen, number: int) -> None:
    """Pages that are kept, and as often questions and results that are not."""
    draw = random.Random(f"{number} {time.time()}")
    while not stop.is_set():
        new = code(draw)
        path = draw.choice([draw.choice(KNOWN), draw.choice([f"/quiz/?a={new[:9]}", f"/result/{new}/"])])
        started = time.monotonic()
        try:
            status: object = ask(port, "GET", path, BR).status
        except (OSError, HTTPException) as error:
            status = type(error).__name__
        seen.gets.append(time.monotonic() - started)
        if status != 200:
            seen.failed[status] += 1
        stop.wait(0.03)


def finish(port: int, stop: threading.Event, seen: Seen, number: int) -> None:
    draw = random.Random(f"finish {number} {time.time()}")
    while not stop.wait(FINISHERS / FINISHES_A_SECOND):
        new = code(draw)
        with suppress(OSError, HTTPException):
            if ask(port, "POST", "/quiz/finish/", body=f"a={new[:-1]}").status == 303:
                seen.acknowledged.append(new)
                continue
        seen.refused += 1


def codes(server: Server) -> list[str]:
    with psycopg.connect(host=unquote(str(server.folder)), user=server.user, dbname="postgres") as database:
        return [row[0] for row in database.execute("select code from quiz_completion")]


def manage(cluster: Cluster, *words: str) -> None:
    environment = os.environ | cluster.environment | {"STATIC_ROOT": str(cluster.static)}
    subprocess.run([sys.executable, "manage.py", *words], cwd=ROOT, env=environment, check=True)


if __name__ == "__main__":
    main()
