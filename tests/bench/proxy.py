"""docs/deploy/nginx.conf as it is, HTTPS and limits included, in front of the real site: what a class, a greedy address, a shared cache and
the logs get of it. Part of `make cluster`; `python -m tests.bench.proxy` tries it alone, and needs nginx and openssl.

Only ports and paths are others. Visitors come from different addresses of 127.0.0.0/8.
"""

import os
import random
import re
import shutil
import socket
import ssl
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPException, HTTPSConnection
from pathlib import Path

from tests.bench.codes import code
from tests.bench.faults import Fault, kill_all, must
from tests.browser.server import ROOT, Site, collect, free_port, serve

CLASS, CLASS_SECONDS = 30, 3.0
GREEDY_SECONDS, GREEDY_THREADS, MOST_P95_SECONDS = 10.0, 8, 1.0
VISITORS, PAUSE_SECONDS = 4, 0.3
NOT_CHECKED = ssl._create_unverified_context()  # the certificate is made here, for this machine
FILES = re.compile(r'(?:href|src)="(/(?:static/[^"]+|site\.webmanifest))"')

MAIN = """
daemon off; worker_processes 1; pid {folder}/nginx.pid; error_log {folder}/error.log;
events {{ worker_connections 2048; }}
http {{
  access_log {folder}/http.log; error_log {folder}/http-error.log;
  client_body_temp_path {folder}/b; proxy_temp_path {folder}/p; fastcgi_temp_path {folder}/f;
  uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
  upstream producerguide {{ {servers} keepalive 32; }}
  {rest}
}}
"""


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True)
class Front:
    folder: Path
    port: int
    site: Site


def main() -> None:
    need("nginx", "openssl")
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        folder = Path(name)
        folder.chmod(0o755)  # nginx reads and writes it as somebody else
        collect(folder / "static")
        sys.exit(0 if tried(folder, folder / "static", stack) else 1)


def need(*tools: str, also: Sequence[str] = ()) -> None:
    missing = [*(tool for tool in tools if not find(tool)), *also]
    if missing:
        sys.exit(
            f"Not here: {', '.join(missing)}. On Debian or Ubuntu, as root: apt-get install -y {' '.join(missing)}"
        )


def find(tool: str) -> str:
    return shutil.which(tool, path=f"{os.environ['PATH']}:/usr/sbin") or ""


def tried(folder: Path, static: Path, stack: ExitStack) -> bool:
    """Every part, each behind an nginx that has seen nobody; whether all hold."""
    folder.mkdir(exist_ok=True)
    print("| behind the shipped nginx | found |\n|---|---|")
    port, site_port, held = free_port(), free_port(), True
    said = ("sh", "-c", f'exec "$@" 2> {folder}/said.log', "sh")
    site = stack.enter_context(
        serve(folder, static, port=site_port, wrapper=said, SITE_URL=f"https://127.0.0.1:{port}")
    )
    for part in (classroom, over_the_limit, cards, caches, logs):
        own = folder / part.__name__
        with nginx(own, port, [site_port]):
            held = report(part, Front(own, port, site)) and held
    return held


def report(part: Callable[[Front], str], front: Front) -> bool:
    what = (part.__doc__ or "").rstrip(".")
    try:
        print(f"| {what} | {part(front)} |", flush=True)
    except Fault as fault:
        print(f"| {what} | **{fault}** |", flush=True)
        return False
    return True


def classroom(front: Front) -> str:
    """Thirty first visits from one address within 3 s: home and the quiz with their files."""
    started = time.monotonic()
    with ThreadPoolExecutor(CLASS) as people:
        visits = list(people.map(lambda n: first_visit(front.port, n * CLASS_SECONDS / CLASS), range(CLASS)))
    answers = Counter(status for visit in visits for status in visit)
    must(set(answers) == {200}, f"answers: {dict(answers)}")
    return f"{answers.total()} answers in {time.monotonic() - started:.1f} s, nobody refused"


def first_visit(port: int, delay: float) -> list[int]:
    time.sleep(delay)
    seen: dict[str, int] = {}
    with closing(connect(port, "127.0.0.30")) as connection:
        for page in ("/", "/quiz/"):
            answer = over(connection, "GET", page, {})
            seen[page] = answer.status
            for file in FILES.findall(answer.body.decode()):
                if file not in seen:
                    seen[file] = over(connection, "GET", file, {}).status
    return list(seen.values())


def over_the_limit(front: Front) -> str:
    """One address that asks 600 times at once."""
    with ThreadPoolExecutor(GREEDY_THREADS) as people:
        answers = [answer for some in people.map(lambda _: hundred(front.port), range(6)) for answer in some]
    refused = [answer for answer in answers if answer.status != 200]
    must(bool(refused) and {answer.status for answer in refused} == {429}, "the limit was not reached")
    page = refused[0]
    must(
        "One moment" in page.body.decode() and page.headers["retry-after"] == "10", "the refusal is not a page of ours"
    )
    must("style-src 'sha256-" in page.headers["content-security-policy"], "the refusal has no style")
    file = FILES.findall(next(answer for answer in answers if answer.status == 200).body.decode())[0]
    must(ask(front.port, "GET", file, source="127.0.0.40").status == 200, "a file was refused with the pages")
    return (
        f"{len(answers) - len(refused)} × 200, then {len(refused)} × our page with a time to try again; files as before"
    )


def hundred(port: int) -> list[Answer]:
    with closing(connect(port, "127.0.0.40")) as connection:
        return [over(connection, "GET", "/", {}) for _ in range(100)]


def cards(front: Front) -> str:
    """One address asks for new cards, QR codes and calendars as fast as it can, while others read."""
    quiet, _ = read_while(front.port, lambda stop: stop.wait(GREEDY_SECONDS))
    served: Counter[int] = Counter()

    def greedy(stop: threading.Event) -> None:
        def more(_: int) -> None:
            draw, until = random.Random(), time.monotonic() + GREEDY_SECONDS
            while time.monotonic() < until:
                path = f"/result/{code(draw)}/{draw.choice(['card.png', 'card.png', 'qr.svg', 'plan.ics'])}"
                served[ask(front.port, "GET", path, source="127.0.0.50").status] += 1

        with ThreadPoolExecutor(GREEDY_THREADS) as people:
            list(people.map(more, range(GREEDY_THREADS)))

    p95, failed = read_while(front.port, greedy)
    must(
        not failed and p95 <= MOST_P95_SECONDS,
        f"others: p95 {1000 * p95:.0f} ms (without it {1000 * quiet:.0f} ms), failed {failed}, {dict(served)}",
    )
    return (
        f"others: p95 {1000 * p95:.0f} ms (without it {1000 * quiet:.0f} ms), 0 failed; it got {served[200]} and "
        f"{served.total() - served[200]} refusals in {GREEDY_SECONDS:.0f} s"
    )


def read_while(port: int, do: Callable[[threading.Event], object]) -> tuple[float, int]:
    """The 95th percentile of what other addresses wait for pages, new questions and new results, and how many failed."""
    stop, waited, failed = threading.Event(), list[float](), list[int]()

    def read(number: int) -> None:
        draw = random.Random(f"{number} {time.time()}")
        while not stop.wait(PAUSE_SECONDS):
            new = code(draw)
            path = draw.choice(["/", "/guide/", f"/quiz/?a={new[:9]}", f"/result/{new}/"])
            started = time.monotonic()
            status = ask(port, "GET", path, source=f"127.0.1.{number + 1}").status
            waited.append(time.monotonic() - started)
            failed.extend([status] if status != 200 else [])

    people = [threading.Thread(target=read, args=(number,)) for number in range(VISITORS)]
    for person in people:
        person.start()
    do(stop)
    stop.set()
    for person in people:
        person.join()
    return statistics.quantiles(waited, n=20)[-1], len(failed)


def caches(front: Front) -> str:
    """What one request sends along changes nothing in what is kept for the next."""
    br = {"Accept-Encoding": "gzip, br"}
    right = ask(front.port, "GET", "/guide/?n=0", br)
    must(right.headers.get("content-encoding") == "br" and "etag" in right.headers, "not compressed, or without ETag")
    odd = [{"Authorization": "x"}, {"Cookie": "sessionid=x; csrftoken=y"}, {"Range": "bytes=0-9"}, {"If-None-Match": "*"},
           {"If-Modified-Since": "Fri, 01 Jan 2100 00:00:00 GMT"}, {"X-Forwarded-Proto": "http", "X-Forwarded-Host": "x.org"},
           {"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://x.org"}]  # fmt: skip
    for number, headers in enumerate(odd, start=1):
        first = ask(front.port, "GET", f"/guide/?n={number}", br | headers)
        then = ask(front.port, "GET", f"/guide/?n={number}", br)
        must(first.status in (200, 206, 304), f"{headers}: {first.status}")
        must((then.status, then.body) == (200, right.body), f"another page after {headers}")
        must(then.headers.get("etag") == right.headers["etag"], f"no ETag, or another, after {headers}")
        must(then.headers["x-cache"] == "HIT", f"{then.headers['x-cache']} after {headers}")
    must(ask(front.port, "HEAD", "/guide/?head", br).body == b"", "HEAD has a body")
    must(ask(front.port, "GET", "/guide/?head", br).body == right.body, "another page after HEAD")
    kept = len(list((front.folder / "producerguide").rglob("*")))
    long = [ask(front.port, "GET", f"/guide/?{'x' * 3000}", br) for _ in range(2)]
    must({answer.headers["x-cache"] for answer in long} == {"BYPASS"}, "a long address is kept")
    must(len(list((front.folder / "producerguide").rglob("*"))) == kept, "a long address takes room")
    admin = ask(front.port, "GET", "/admin/login/", br | {"Cookie": "csrftoken=" + "a" * 32})
    must("csrftoken=" + "a" * 32 in admin.headers.get("set-cookie", ""), "the admin does not get its cookie")
    return (
        f"{len(odd)} kinds of header and HEAD tried, each with the right page kept; 3 kB of address: answered, not kept"
    )


def logs(front: Front) -> str:
    """A visitor's code and address, in requests that fail in every way nginx knows."""
    visitor, secret = "127.0.0.99", code(random.Random(99))
    path = f"/result/{secret}/"
    tries: list[Callable[[], object]] = [
        lambda: ask(front.port, "GET", path, source=visitor),
        lambda: ask(front.port, "GET", f"/result/{secret}x/", source=visitor),
        lambda: ask(front.port, "GET", f"/{secret}/%00", source=visitor),
        lambda: ask(front.port, "GET", f"/readyz?{secret}", source=visitor),
        lambda: ask(front.port, "GET", f"/wait.html?{secret}", source=visitor),
        lambda: ask(
            front.port, "POST", "/quiz/finish/", {"Content-Length": "70000"}, f"a={secret}".ljust(70_000), visitor
        ),
        lambda: ask(front.port, "GET", path + "x" * 40_000, source=visitor),
        lambda: ask(front.port, "GET", path, {"X": "x" * 40_000}, source=visitor),
        lambda: [ask(front.port, "GET", path + "card.png", source=visitor) for _ in range(70)],
        lambda: [ask(front.port, "GET", path, source=visitor) for _ in range(300)],
        lambda: plain(front.port, visitor, f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n"),
        lambda: plain(front.port, visitor, "\x16\x03\x01 no TLS"),
        lambda: secure(front.port, visitor, f"GET {path} HTTP/9.9\r\n\r\n"),
        lambda: secure(front.port, visitor, f"GET {path} HTTP/1.1\r\nHost: [{secret}\r\n\r\n"),
        lambda: secure(front.port, visitor, f"POST {path}fit/ HTTP/1.1\r\nHost: x\r\nContent-Length: 99\r\n\r\na="),
    ]
    statuses = [attempt(one) for one in tries]
    kill_all(front.site)  # the last part: nothing comes after it
    gone = [ask(front.port, "GET", f"/quiz/?a={secret[:6]}{n}", source="127.0.0.98").status for n in range(5)]
    gone.append(ask(front.port, "POST", "/quiz/finish/", body=f"a={secret[:-1]}", source="127.0.0.98").status)
    must(set(gone) == {502}, f"with the site gone: {gone}")
    files = [file for file in front.folder.parent.rglob("*.log") if file.is_file()]
    for file in files:
        text = file.read_text(encoding="utf-8", errors="replace").lower()
        for word in (secret[:6], visitor, "127.0.0.98"):
            must(word not in text, f"{word} is in {file.name}")
    lines = sum(len(file.read_bytes().splitlines()) for file in files)
    must(len(tries) == len(statuses) and lines > len(tries), "nothing was logged")
    return f"{len(tries)} kinds of fault and a site that is gone: neither in {lines} lines of {len(files)} logs"


def attempt(one: Callable[[], object]) -> object:
    with suppress(OSError, HTTPException):
        return one()
    return None


def plain(port: int, source: str, words: str) -> bytes:
    with socket.create_connection(("127.0.0.1", port), 5, (source, 0)) as connection:
        connection.sendall(words.encode("latin-1"))
        return connection.recv(999)


def secure(port: int, source: str, words: str) -> bytes:
    with (
        socket.create_connection(("127.0.0.1", port), 5, (source, 0)) as connection,
        NOT_CHECKED.wrap_socket(connection) as inside,
    ):
        inside.sendall(words.encode())
        inside.settimeout(0.5)
        return inside.recv(999)


def connect(port: int, source: str = "127.0.0.1") -> HTTPSConnection:
    return HTTPSConnection("127.0.0.1", port, timeout=15, context=NOT_CHECKED, source_address=(source, 0))


def ask(
    port: int, method: str, path: str, headers: dict[str, str] | None = None, body: str = "", source: str = "127.0.0.1"
) -> Answer:
    with closing(connect(port, source)) as connection:
        return over(connection, method, path, headers or {}, body)


def over(connection: HTTPSConnection, method: str, path: str, headers: dict[str, str], body: str = "") -> Answer:
    kind = {"Content-Type": "application/x-www-form-urlencoded"} if body else {}
    connection.request(method, path, body or None, kind | headers)
    response = connection.getresponse()
    named = {name.lower(): value for name, value in response.getheaders()}
    return Answer(response.status, named, response.read())


@contextmanager
def nginx(folder: Path, port: int, copies: Sequence[int], *, limits: bool = True) -> Iterator[None]:
    """The shipped configuration on this port; without limits for those who play all visitors from one address."""
    folder.mkdir()
    make_certificate(folder)
    own = (ROOT / "docs" / "deploy" / "nginx.conf").read_text(encoding="utf-8")
    own = re.sub(r"listen \[::\].*", "", own).replace("listen 80 ", f"listen 127.0.0.1:{free_port()} ")
    own = own.replace("listen 443 ", f"listen 127.0.0.1:{port} ")
    for place in ("/etc/letsencrypt/live/site", "/var/cache/nginx", "/var/log/nginx"):
        own = own.replace(place, str(folder))
    own = own.replace("root /etc/nginx;", f"root {folder};")
    shutil.copy(ROOT / "docs" / "deploy" / "wait.html", folder)
    if not limits:
        own = re.sub(r"rate=\d+r/[sm]", "rate=10000r/s", own)
        own = re.sub(r"limit_conn (\w+) \d+", r"limit_conn \1 400", own)
    servers = " ".join(f"server 127.0.0.1:{each} max_fails=0;" for each in copies)
    file = folder / "nginx.conf"
    file.write_text(MAIN.format(folder=folder, servers=servers, rest=own), encoding="utf-8")
    subprocess.run([find("nginx"), "-e", f"{folder}/error.log", "-tqc", str(file)], check=True)
    process = subprocess.Popen([find("nginx"), "-e", f"{folder}/error.log", "-c", str(file)])
    try:
        while process.poll() is None:
            with suppress(OSError):
                ask(port, "GET", "/livez")
                break
            time.sleep(0.01)
        yield
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


if __name__ == "__main__":
    main()
