"""`make faults`: failures of processes, database and disk, malformed and slow requests, against the real server on loopback.

Every part is limited in number and time, prints what it tried and what it found, and fails if a visitor would have noticed.
"""

import os
import random
import signal
import socket
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from urllib.parse import urlsplit

from tests.bench.codes import code
from tests.bench.speed import kept, memory, settle, worker
from tests.browser.server import Site, collect, free_port, serve

MOST_BESIDE_MB = 110
ROUNDS, CASES, FLOOD = 20, 10_000, 6_000
MOST_BACK_SECONDS, MOST_FINISH_SECONDS, MOST_P95_SECONDS, MOST_EXIT_SECONDS = 2.0, 0.5, 0.3, 10.0
PAUSE_SECONDS = 5.5  # after a failed write the site waits before the next (quiz/counting.py)
MOST_KEPT_MB = 34.0
draw = random.Random(20261125)


class Fault(Exception):
    pass


def main() -> None:
    parts = [
        kill,
        sigterm,
        locked,
        removed,
        garbage,
        full,
        read_only,
        generated,
        malformed,
        slow,
        half,
        large,
        flood,
        long,
    ]
    chosen = [part for part in parts if part.__name__ in sys.argv[1:]] or parts
    print("| tried | found |\n|---|---|")
    with tempfile.TemporaryDirectory() as name:
        static = Path(name) / "static"
        collect(static)
        failed = [part.__name__ for part in chosen if not run(part, Path(name), static)]
    sys.exit(f"Failed: {', '.join(failed)}" if failed else 0)


def run(part: Callable[[Path, Path], str], folder: Path, static: Path) -> bool:
    own = folder / part.__name__
    own.mkdir()
    what = (part.__doc__ or part.__name__).rstrip(".")
    try:
        print(f"| {what} | {part(own, static)} |", flush=True)
    except Fault as fault:
        print(f"| {what} | **{fault}** |", flush=True)
        return False
    return True


def kill(folder: Path, static: Path) -> str:
    """kill -9 of every process during finishes, 20 times."""
    acknowledged: list[str] = []
    back: list[float] = []
    port = free_port()
    for number in range(ROUNDS):
        started = time.monotonic()
        # Restarting after a kill does not migrate; only a new release does.
        with suppress(subprocess.TimeoutExpired), serve(folder, static, port=port, migrate=number == 0) as site:
            back.append(time.monotonic() - started)
            enough = len(acknowledged) + draw.randint(20, 80)  # within the site's rate limit
            stop = threading.Event()
            posters = [threading.Thread(target=post_until, args=(site, stop, acknowledged)) for _ in range(6)]
            for poster in posters:
                poster.start()
            wait_until(lambda n=enough: len(acknowledged) >= n, 30)
            kill_all(site)
            stop.set()
            for poster in posters:
                poster.join()
    with closing(sqlite3.connect(folder / "site.sqlite3")) as database:
        rows = {row[0] for row in database.execute("select code from quiz_completion")}
        integrity = database.execute("pragma integrity_check").fetchone()[0]
    lost = set(acknowledged) - rows
    must(not lost and integrity == "ok", f"{len(lost)} of {len(acknowledged)} lost, integrity {integrity}")
    middle = statistics.median(back)
    must(middle <= MOST_BACK_SECONDS, f"back in {middle:.2f} s")
    return (
        f"{len(acknowledged)} acknowledged, {len(rows)} recorded, 0 lost; integrity ok; back in {middle:.2f} s (median)"
    )


def sigterm(folder: Path, static: Path) -> str:
    """SIGTERM with 16 requests in flight."""
    with serve(folder, static) as site:
        connections = [HTTPConnection(urlsplit(site.url).netloc, timeout=20) for _ in range(16)]
        for connection in connections:
            connection.request("GET", f"/result/{code(draw)}/")
        time.sleep(0.02)
        started = time.monotonic()
        site.process.terminate()
        answers = Counter(connection.getresponse().status for connection in connections)
        site.process.wait(MOST_EXIT_SECONDS)
        spent = time.monotonic() - started
    must(answers == {200: 16}, f"answers: {dict(answers)}")
    return f"all 16 answered; gone after {spent:.1f} s"


def locked(folder: Path, static: Path) -> str:
    """Database locked against writes, six finishing at once."""
    with serve(folder, static) as site:
        settle(site)  # what a start costs is not what a lock costs
        with closing(sqlite3.connect(site.database, isolation_level=None)) as other:
            other.execute("begin immediate")
            stop, posted = threading.Event(), []
            posters = [threading.Thread(target=post_until, args=(site, stop, [], posted)) for _ in range(6)]
            for poster in posters:
                poster.start()
            reads = sorted(seconds(site, f"/result/{code(draw)}/") for _ in range(120))
            stop.set()
            for poster in posters:
                poster.join()
            degraded = b"degraded" in get(site, "/readyz")[1]
            other.execute("rollback")
        p95 = reads[int(0.95 * len(reads))]
        must(degraded, "readyz does not say degraded")
        must(p95 <= MOST_P95_SECONDS, f"GET p95 {p95:.2f} s")
        return f"GET p95 {p95:.2f} s, {len(posted)} finishes all led to their result, the slowest in {max(posted):.2f} s; {recovered(site)}"


def removed(folder: Path, static: Path) -> str:
    """Database removed."""
    with serve(folder, static) as site:
        moved = site.database.with_suffix(".moved")

        def away() -> None:
            site.database.rename(moved)

        return broken(site, away, lambda: moved.rename(site.database))


def garbage(folder: Path, static: Path) -> str:
    """Database replaced by garbage."""
    with serve(folder, static) as site:
        good = site.database.with_suffix(".good")

        def spoil() -> None:
            site.database.rename(good)
            site.database.write_bytes(b"no database at all" * 1000)

        return broken(site, spoil, lambda: good.rename(site.database))


def full(folder: Path, static: Path) -> str:
    """Disk full."""
    with small_disk(folder) as disk, serve(folder, static, database=disk / "site.sqlite3") as site:
        filler = disk / "filler"

        def fill() -> None:
            with suppress(OSError), filler.open("wb", buffering=0) as file:
                while True:
                    file.write(b"x" * 4096)

        return broken(site, fill, filler.unlink)


def read_only(folder: Path, static: Path) -> str:
    """Disk read-only."""
    with small_disk(folder) as disk, serve(folder, static, database=disk / "site.sqlite3") as site:

        def remount(how: str) -> None:
            subprocess.run(["mount", "-o", f"remount,{how}", str(disk)], check=True)

        # This works because the site opens the file for each request: an open file would prevent the remount.
        return broken(site, lambda: remount("ro"), lambda: remount("rw"))


def generated(folder: Path, static: Path) -> str:
    """10,000 generated requests, six at a time."""
    with serve(folder, static) as site:
        connections, statuses = threading.local(), Counter()

        def one(case: tuple[str, str, bytes | None]) -> int:
            try:
                return over(connections, site, *case)
            except (OSError, HTTPException):  # the server closed it after refusing a body
                connections.one = None
                return over(connections, site, *case)

        with ThreadPoolExecutor(6) as pool:
            statuses.update(pool.map(one, [case() for _ in range(CASES)]))
        must(not any(status >= 500 for status in statuses), f"answers: {dict(statuses)}")
        return f"no 5xx: {dict(sorted(statuses.items()))}"


def over(connections: threading.local, site: Site, method: str, path: str, body: bytes | None) -> int:
    """The status of a request over the connection of this thread."""
    connection = getattr(connections, "one", None) or HTTPConnection(urlsplit(site.url).netloc, timeout=20)
    connections.one = connection
    headers = {"Content-Type": "application/x-www-form-urlencoded"} if body is not None else {}
    connection.request(method, path, body, headers)
    response = connection.getresponse()
    response.read()
    return response.status


def malformed(folder: Path, static: Path) -> str:
    """600 raw malformed requests."""
    with serve(folder, static) as site:
        answers = Counter(raw(site, garbled()) for _ in range(600))
        must(not any(answer.startswith("5") for answer in answers), f"answers: {dict(answers)}")
        must(get(site, "/")[0] == 200, "no longer answers")
        return f"no 5xx, answers after it: {dict(sorted(answers.items()))}"


def slow(folder: Path, static: Path) -> str:
    """300 clients that send one byte of their header a second."""
    with serve(folder, static) as site:
        clients = [socket.create_connection((urlsplit(site.url).hostname, urlsplit(site.url).port)) for _ in range(300)]
        worst, gone, started = 0.0, 0, time.monotonic()
        while gone < len(clients) and time.monotonic() - started < 20:
            gone = sum(not dribble(client) for client in clients)
            worst = max(worst, *(seconds(site, path) for path in ("/", f"/quiz/?a={code(draw)[:9]}")))
            time.sleep(1)
        for client in clients:
            client.close()
        must(gone == len(clients), f"{len(clients) - gone} still connected after 20 s")
        must(worst <= MOST_FINISH_SECONDS, f"others waited {worst:.2f} s")
        return f"all disconnected after {time.monotonic() - started:.0f} s; others waited {1000 * worst:.0f} ms at most"


def half(folder: Path, static: Path) -> str:
    """2, 20 and 200 clients that send half a body and wait, to each POST there is."""
    found = []
    with serve(folder, static) as site:
        for count in (2, 20, 200):
            paths = ["/quiz/finish/", f"/result/{code(draw)}/fit/", "/quiz/left/", "/admin/login/"]
            clients = [half_a_post(site, paths[number % len(paths)]) for number in range(count)]
            pages = sorted(seconds(site, path) for _ in range(40) for path in ("/livez", "/", f"/result/{code(draw)}/"))
            finishes = [finish(site) for _ in range(10)]
            for client in clients:
                client.close()
            p95 = pages[int(0.95 * len(pages))]
            must(p95 <= MOST_P95_SECONDS, f"with {count}: GET p95 {p95:.2f} s")
            slowest = max(spent for _, spent in finishes)
            must({status for status, _ in finishes} == {303}, f"with {count}, finishes: {finishes}")
            must(slowest <= 1, f"with {count}: a finish took {slowest:.2f} s")
            found.append(f"{count}: GET p95 {1000 * p95:.0f} ms, slowest finish {1000 * slowest:.0f} ms")
    return "; ".join(found)


def half_a_post(site: Site, path: str) -> socket.socket:
    address = urlsplit(site.url)
    client = socket.create_connection((address.hostname, address.port))
    client.sendall(f"POST {path} HTTP/1.1\r\nHost: {address.netloc}\r\nContent-Length: 6000\r\n\r\na=1".encode())
    return client


def large(folder: Path, static: Path) -> str:
    """A body of 10 MB, with its length and in chunks, 20 each."""
    body = b"a=" + b"1" * 10_000_000
    with serve(folder, static) as site:
        before, statuses = memory(worker(site)), Counter()
        for chunked in [False, True] * 20:
            connection = HTTPConnection(urlsplit(site.url).netloc, timeout=20)
            try:
                pieces = (body[i : i + 65536] for i in range(0, len(body), 65536))
                connection.request(
                    "POST",
                    "/quiz/finish/",
                    pieces if chunked else body,
                    encode_chunked=chunked,
                    headers={"Transfer-Encoding": "chunked"} if chunked else {},
                )
                statuses[connection.getresponse().status] += 1
            except (OSError, HTTPException):
                statuses["closed"] += 1
            connection.close()
        grown = memory(worker(site)) - before
        must(not any(isinstance(s, int) and s >= 500 for s in statuses), f"answers: {dict(statuses)}")
        must(get(site, "/")[0] == 200, "no longer answers")
        must(grown < 30, f"{grown:.0f} MB more")
        return f"answers: {dict(statuses)}; {grown:.0f} MB more memory"


def flood(folder: Path, static: Path) -> str:
    """6,000 new addresses, six at a time."""
    with serve(folder, static) as site:

        def one(address: str) -> int:
            return get(site, address)[0]

        addresses = [
            draw.choice([f"/result/{code(draw)}/", f"/quiz/?a={code(draw)[:12]}", f"/guide/?{number}=1"])
            for number in range(FLOOD)
        ]
        with ThreadPoolExecutor(6) as pool:
            statuses = Counter(pool.map(one, addresses))
        cached, size = kept(site), memory(worker(site))
        must(statuses == {200: FLOOD}, f"answers: {dict(statuses)}")
        must(cached <= MOST_KEPT_MB, f"{cached:.0f} MB cached")
        return f"all 200; {cached:.1f} MB cached (at most 32 MiB), {size:.0f} MB resident"


def long(folder: Path, static: Path) -> str:
    """3,000 new addresses of 8 kB, six at a time."""
    with serve(folder, static) as site:
        paths = ("/guide/", "/search/", "/quiz/", f"/result/{code(draw)}/", "/nowhere/")
        addresses = [f"{draw.choice(paths)}?{number}={'x' * 7900}" for number in range(FLOOD // 2)]
        with ThreadPoolExecutor(6) as pool:
            statuses = Counter(pool.map(lambda address: get(site, address)[0], addresses))
        cached, size = kept(site), memory(worker(site))
    must(max(statuses) < 500, f"answers: {dict(statuses)}")
    must(size - cached <= MOST_BESIDE_MB, f"{size - cached:.0f} MB beside {cached:.0f} MB cached")
    return f"answers: {dict(statuses)}; {size - cached:.0f} MB beside {cached:.1f} MB of kept pages"


def broken(site: Site, harm: Callable[[], None], mend: Callable[[], object]) -> str:
    """Pages, finishes and readyz while the database is broken, and whether all recovers without a restart."""
    before = rows(site)
    must(finish(site)[0] == 303 and rows(site) == before + 1, "did not count before the failure")
    harm()
    pages = Counter(
        get(site, path)[0] for path in ("/", "/method/", f"/result/{code(draw)}/", f"/quiz/?a={code(draw)[:7]}")
    )
    finishes = [finish(site) for _ in range(10)]
    degraded = b"degraded" in get(site, "/readyz")[1]
    mend()
    slowest = max(spent for _, spent in finishes)
    must(pages == {200: 4}, f"pages: {dict(pages)}")
    must(all(status == 303 for status, _ in finishes), "a finish did not reach its result")
    must(slowest <= MOST_FINISH_SECONDS, f"a finish took {slowest:.2f} s")
    must(degraded, "readyz does not say degraded")
    recovery = recovered(site)
    must(rows(site) == before + 12, f"{rows(site) - before} of 12 finishes counted")
    return f"pages 200, 10 finishes reached their result, the slowest in {slowest:.2f} s; readyz says degraded; {recovery}, also those 10"


def recovered(site: Site) -> str:
    time.sleep(PAUSE_SECONDS)
    before = rows(site)
    finish(site)
    must(rows(site) > before, "does not count after it")
    must(b'"db": "ok"' in get(site, "/readyz")[1], "readyz still says degraded")
    return "counts again without a restart"


@contextmanager
def small_disk(folder: Path) -> Iterator[Path]:
    """A disk of 2 MB; only root can mount it."""
    disk = folder / "disk"
    disk.mkdir()
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(disk)], capture_output=True, text=True, check=False
    )
    must(done.returncode == 0, f"not tested, because a small disk cannot be mounted: {done.stderr.strip()}")
    try:
        yield disk
    finally:
        subprocess.run(["umount", "--lazy", str(disk)], check=True)


def post_until(site: Site, stop: threading.Event, acknowledged: list[str], spent: list[float] | None = None) -> None:
    while not stop.is_set():
        new = code(draw)
        try:
            status, took = finish(site, new)
        except (OSError, HTTPException):
            continue
        if status == 303:
            acknowledged.append(new)
            if spent is not None:
                spent.append(took)


def finish(site: Site, of: str = "") -> tuple[int, float]:
    """The status of finishing a questionnaire, and how many seconds it took."""
    started = time.monotonic()
    status, _ = ask(site, "POST", "/quiz/finish/", f"a={(of or code(draw))[:-1]}")
    return status, time.monotonic() - started


def get(site: Site, path: str) -> tuple[int, bytes]:
    return ask(site, "GET", path)


def seconds(site: Site, path: str) -> float:
    started = time.monotonic()
    must(get(site, path)[0] == 200, f"{path} is not 200")
    return time.monotonic() - started


def ask(site: Site, method: str, path: str, body: str | None = None) -> tuple[int, bytes]:
    with closing(HTTPConnection(urlsplit(site.url).netloc, timeout=20)) as connection:
        connection.request(method, path, body, {"Content-Type": "application/x-www-form-urlencoded"} if body else {})
        response = connection.getresponse()
        return response.status, response.read()


def rows(site: Site) -> int:
    with closing(sqlite3.connect(site.database)) as database:
        return int(database.execute("select count(*) from quiz_completion").fetchone()[0])


def kill_all(site: Site) -> None:
    pids = [int(pid) for pid in Path(f"/proc/{site.process.pid}/task/{site.process.pid}/children").read_text().split()]
    for pid in (site.process.pid, *pids):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    site.process.wait()


def wait_until(true: Callable[[], bool], most_seconds: float) -> None:
    deadline = time.monotonic() + most_seconds
    while not true():
        must(time.monotonic() < deadline, "nothing happened in time")
        time.sleep(0.002)


def must(true: bool, else_: str) -> None:
    if not true:
        raise Fault(else_)


def text(most: int) -> str:
    letters = "0123456789abcdefghjkmnpqrstvwxyzOIL~!*'();:@+$,/%[]-_.\\<>\"{}|^`"
    return "".join(draw.choice(letters) for _ in range(draw.randrange(most)))


def escaped(most: int) -> str:
    return "".join(f"%{draw.randrange(256):02x}" for _ in range(draw.randrange(most)))


def case() -> tuple[str, str, bytes | None]:
    """A request that a browser, a crawler or an attacker might send."""
    whole = code(draw)
    wrong = draw.choice(
        [whole[:-1], whole + "0", whole[: draw.randrange(17)], text(20).replace("/", ""), escaped(9), whole.upper()]
    )
    path = draw.choice(
        [
            f"/result/{whole}/",
            f"/result/{wrong}/{draw.choice(['', 'result.json', 'card.png', 'qr.svg', 'plan.ics', 'fit/'])}",
            f"/compare/{whole}/{wrong}/",
            "/quiz/",
            "/quiz/finish/",
            "/resources/",
            "/roles/studio-producer/gear/",
            f"/learn/{text(9)}/",
            f"/static/{text(12)}",
            f"/{text(30)}",
            f"/{escaped(12)}",
        ]
    )
    names = ["a", "pick", "change", "budget", "own", "start", "role", "level", text(5)]
    query = "&".join(
        f"{draw.choice(names)}={draw.choice([whole[:9], text(12), escaped(6), '9' * 400, '-1'])}"
        for _ in range(draw.randrange(4))
    )
    address = "".join(c if 32 < ord(c) < 127 else "%20" for c in f"{path}?{query}".replace("\\", "%5c"))
    method = draw.choice(["GET"] * 6 + ["HEAD", "POST", "POST", "PUT", "DELETE", "OPTIONS"])
    body = (
        draw.choice([query.encode(), f"a={whole[:-1]}&verdict=yes".encode(), draw.randbytes(60), b""])
        if method == "POST"
        else None
    )
    return method, address, body


def garbled() -> bytes:
    """Bytes that are not quite an HTTP request."""
    lines = [
        b"GET / HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET /%s HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n" % draw.randbytes(12).replace(b"\n", b"").replace(b"\r", b""),
        b"GET /quiz/?a=%s HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n" % bytes(draw.randrange(128, 256) for _ in range(6)),
        b"GET /guide/?\xc3\xa9=\xff HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
        b"POST /quiz/finish/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: -5\r\n\r\n",
        b"POST /quiz/finish/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\na=111",
        b"POST /quiz/finish/ HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET  / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX: \x00\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept-Encoding: \xff\xfe;q=x,,;;\r\nIf-None-Match: \xff\r\n\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"GET /" + b"a" * draw.choice([100, 9_000, 500_000]) + b" HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n" + b"X: y\r\n" * 300 + b"\r\n",
        draw.randbytes(200),
    ]
    return draw.choice(lines)


def raw(site: Site, data: bytes) -> str:
    with socket.create_connection((urlsplit(site.url).hostname, urlsplit(site.url).port), timeout=3) as client:
        try:
            client.sendall(data)
            client.shutdown(socket.SHUT_WR)
            answer = client.recv(100)
        except OSError:
            return "closed"
    return answer[9:12].decode("ascii", "replace") if answer.startswith(b"HTTP/1") else "closed"


def dribble(client: socket.socket) -> bool:
    """Send one more byte; returns whether the connection is still open."""
    try:
        client.sendall(b"G" if draw.random() < 2 else b"")
        client.setblocking(False)
        return client.recv(1) != b""
    except BlockingIOError:
        return True
    except OSError:
        return False
    finally:
        client.setblocking(True)


if __name__ == "__main__":
    main()
