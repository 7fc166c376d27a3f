"""`make cluster`: two copies of the site behind nginx with one PostgreSQL; one thing after another breaks under load.

nginx runs with docs/deploy/nginx.conf, HTTPS included, but with other ports, paths and limits, because here all visitors have the
same address. A GET fails unless it is 200 within 10 s. A finish is acknowledged when it leads to its result.
"""

import os
import random
import re
import shutil
import signal
import ssl
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass, field
from http.client import HTTPException, HTTPSConnection
from pathlib import Path
from urllib.parse import unquote

import psycopg

from tests.bench.codes import code
from tests.bench.faults import kill_all
from tests.browser.server import ROOT, Site, free_port, serve
from tests.postgresql import Server, find, install, postgresql

READERS, FINISHERS, FINISHES_A_SECOND = 4, 2, 12  # the site counts 20 a second at most
PAUSE_SECONDS = 5.5  # after a failed write the site waits before the next (quiz/counting.py)
KNOWN = ["/", "/guide/", "/roles/", "/quiz/", "/roles/studio-producer/", "/learn/", "/method/", "/quiz.json"]
NOT_CHECKED = ssl._create_unverified_context()  # the certificate is self-signed

NGINX = """
daemon off; worker_processes 1; pid {folder}/nginx.pid; error_log {folder}/error.log;
events {{ worker_connections 512; }}
http {{
  client_body_temp_path {folder}/b; proxy_temp_path {folder}/p; fastcgi_temp_path {folder}/f;
  uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
  upstream producerguide {{ {servers} keepalive 32; }}
  {rest}
}}
"""


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
        """As in an update: requests under way are finished."""
        self.copies.pop(port)[0].close()

    @property
    def environment(self) -> dict[str, str]:
        return {"DATABASE_URL": self.database.url, "SITE_URL": f"https://127.0.0.1:{self.port}"}


def main() -> None:
    install()
    behind = f"{os.environ['PATH']}:/usr/sbin"
    missing = [tool for tool in ("nginx", "openssl") if not shutil.which(tool, path=behind)]
    missing += [] if find("initdb") else ["postgresql"]
    if missing:
        sys.exit(
            f"Missing: {', '.join(missing)}. On Debian or Ubuntu, as root: apt-get install -y nginx openssl postgresql"
        )
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    with tempfile.TemporaryDirectory() as name, postgresql() as database:
        folder = Path(name)
        folder.chmod(0o755)  # nginx runs as another user
        cluster = Cluster(database, folder, folder / "static", free_port(), [free_port(), free_port()])
        manage(cluster, "collectstatic", "--no-input", "--verbosity", "0")
        manage(cluster, "migrate", "--verbosity", "0")
        try:
            for port in cluster.ports:
                cluster.start(port)
            with nginx(cluster):
                sys.exit(drill(cluster))
        finally:
            for port in list(cluster.copies):
                cluster.stop(port)


def drill(cluster: Cluster) -> int:
    """Break one thing after another; returns how many GETs failed and finishes are missing."""
    first, second = cluster.ports
    steps: list[tuple[str, Callable[[], object]]] = [
        ("nothing", lambda: time.sleep(5)),
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
    print(f"400 requests in a row from one address, with the limits of docs/deploy/nginx.conf: {limited(cluster)}.")
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
    """Do it two seconds into the load, which goes on until the site has had time to count again."""
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
    time.sleep(PAUSE_SECONDS)  # until waiting finishes are written
    return seen


def read(port: int, stop: threading.Event, seen: Seen, number: int) -> None:
    """Half of the time cached pages, half of the time new questions and results."""
    draw = random.Random(f"{number} {time.time()}")
    while not stop.is_set():
        new = code(draw)
        path = draw.choice([draw.choice(KNOWN), draw.choice([f"/quiz/?a={new[:9]}", f"/result/{new}/"])])
        started = time.monotonic()
        try:
            status: object = ask(port, "GET", path)
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
            if ask(port, "POST", "/quiz/finish/", f"a={new[:-1]}") == 303:
                seen.acknowledged.append(new)
                continue
        seen.refused += 1


def ask(port: int, method: str, path: str, body: str | None = None) -> int:
    with closing(HTTPSConnection("127.0.0.1", port, timeout=10, context=NOT_CHECKED)) as connection:
        headers = {"Content-Type": "application/x-www-form-urlencoded"} if body else {}
        connection.request(method, path, body, headers | {"Accept-Encoding": "gzip, deflate, br"})
        response = connection.getresponse()
        response.read()
        return response.status


def codes(server: Server) -> list[str]:
    with psycopg.connect(host=unquote(str(server.folder)), user=server.user, dbname="postgres") as database:
        return [row[0] for row in database.execute("select code from quiz_completion")]


def limited(cluster: Cluster) -> str:
    with nginx(cluster, limits=True) as port:
        answers = Counter(ask(port, "GET", "/") for _ in range(400))
    return ", ".join(f"{count} × {status}" for status, count in sorted(answers.items()))


@contextmanager
def nginx(cluster: Cluster, *, limits: bool = False) -> Iterator[int]:
    folder, port = cluster.folder / f"nginx{limits}", free_port() if limits else cluster.port
    folder.mkdir()
    make_certificate(folder)
    own = (ROOT / "docs" / "deploy" / "nginx.conf").read_text(encoding="utf-8")
    own = re.sub(r"listen \[::\].*", "", own).replace("listen 80 ", f"listen 127.0.0.1:{free_port()} ")
    own = own.replace("listen 443 ", f"listen 127.0.0.1:{port} ")
    for place in ("/etc/letsencrypt/live/site", "/var/cache/nginx", "/var/log/nginx"):
        own = own.replace(place, str(folder))
    if not limits:
        own = re.sub(r"rate=\d+r/[sm]", "rate=10000r/s", own).replace(
            "limit_conn connections 40", "limit_conn connections 400"
        )
    servers = " ".join(f"server 127.0.0.1:{port} max_fails=0;" for port in cluster.ports)
    file = folder / "nginx.conf"
    file.write_text(NGINX.format(folder=folder, servers=servers, rest=own), encoding="utf-8")
    tool = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin") or ""
    subprocess.run([tool, "-e", f"{folder}/error.log", "-tqc", str(file)], check=True)
    process = subprocess.Popen([tool, "-e", f"{folder}/error.log", "-c", str(file)])
    try:
        while process.poll() is None:
            with suppress(OSError):
                ask(port, "GET", "/livez")
                break
            time.sleep(0.01)
        yield port
    finally:
        process.terminate()
        process.wait(20)


def make_certificate(folder: Path) -> None:
    words = [
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:prime256v1",
        "-nodes",
        "-subj",
        "/CN=127.0.0.1",
    ]
    files = ["-keyout", str(folder / "privkey.pem"), "-out", str(folder / "fullchain.pem")]
    subprocess.run(["openssl", *words, *files], stderr=subprocess.DEVNULL, check=True)


def manage(cluster: Cluster, *words: str) -> None:
    environment = os.environ | cluster.environment | {"STATIC_ROOT": str(cluster.static)}
    subprocess.run([sys.executable, "manage.py", *words], cwd=ROOT, env=environment, check=True)


if __name__ == "__main__":
    main()
