"""`make bench`: the site beside nginx and beside a bare Django view; writes docs/bench.md.

The server has one core and the client another. The two sides of a comparison are measured in turns, and each figure is the median
of three runs, so that other work on the machine disturbs both alike.
"""

import json
import os
import platform
import random
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from urllib.request import Request, urlopen

from producerguide.server import THREADS
from tests.bench.codes import code
from tests.browser.server import ROOT, Site, collect, free_port, serve

RUNS, SECONDS, CONNECTIONS = 3, 3, 32
MIXED_SECONDS = 60
SERVER, CLIENT = ("taskset", "-c", "0"), ("taskset", "-c", "1")
BROWSER = {"Accept-Encoding": "gzip, deflate, br"}
LUA = ROOT / "tests" / "bench" / "site.lua"
CODE = next(line.split('"')[1] for line in (ROOT / "tests" / "golden.toml").open() if line.startswith("code"))
AGAIN = [
    "/guide/",
    "/",
    f"/quiz/?a={CODE[:6]}",
    f"/result/{CODE}/",
    f"/result/{CODE}/result.json",
    f"/result/{CODE}/card.png",
]
LEAST_OF_LEAST, LEAST_OF_BARE = 0.9, {"a question": 1.2, "a result": 2.0}
# More finishes than that, at capacity, would be taken for a flood and not be written.
MIX = {"pages of the sitemap": 63, "new questions": 25, "new results": 10, "finishes": 2}
MOST_P99_MS, MOST_START_SECONDS, MOST_MB, MOST_GROWTH = 20.0, 2.0, 90.0, 5.0

NGINX = """
worker_processes 1; daemon off; pid {folder}/nginx.pid; error_log {folder}/nginx.log;
events {{ worker_connections 256; }}
http {{
  access_log off; sendfile on; tcp_nopush on; open_file_cache max=100; keepalive_requests 100000000;
  client_body_temp_path {folder}/b; proxy_temp_path {folder}/p; fastcgi_temp_path {folder}/f;
  uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
  server {{ listen 127.0.0.1:{port}; root {folder}/pages; {locations} }}
}}
"""
LOCATION = "location = /{number} {{ default_type '{type}'; {headers} }}"
THE_SERVERS = {"date", "server", "connection"}
ITS_OWN = {"content-type", "content-length", "etag"}  # nginx sets these itself
Server = tuple[str, int]  # its address and its process


@dataclass(frozen=True)
class Load:
    """What wrk measured; `cpu` is the server's CPU time in microseconds for each request."""

    rate: float
    p50: float
    p99: float
    cpu: float
    bad: int


def main() -> None:
    missing = [
        tool for tool in ("wrk", "nginx", "taskset") if not shutil.which(tool, path=f"{os.environ['PATH']}:/usr/sbin")
    ]
    if missing:
        sys.exit(
            f"Missing: {', '.join(missing)}. On Debian or Ubuntu, as root: apt-get install -y wrk nginx-light util-linux"
        )
    if (os.cpu_count() or 1) < 2:
        sys.exit("The measurement needs two cores: one for the server and one for the client.")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)  # nginx runs as another user
        collect(folder / "static")
        lines = list(measure(folder))
    report = "\n".join(lines) + "\n"
    (ROOT / "docs" / "bench.md").write_text(report, encoding="utf-8")
    print("Written to docs/bench.md")


def measure(folder: Path) -> Iterator[str]:
    yield from say("# Speed", "", f"{date.today()}, on {machine()}. `make bench` repeats it.", "")
    with (
        serve(folder, folder / "static", wrapper=SERVER) as site,
        granian("bare", "/?bytes=1000") as (bare_url, bare_pid),
    ):
        settle(site)
        sizes = answers(folder / "pages", [site.url + path for path in AGAIN])
        with nginx(folder) as beside, granian("least", "/0", ANSWERS=str(folder / "pages")) as same:
            yield from again(site, beside, same, sizes)
        yield from never_seen(folder, site, bare_url, bare_pid)
        yield from mixed(folder, site)
        yield from control(folder, bare_url, bare_pid)
    starts = [start_seconds(folder) for _ in range(RUNS)]
    yield from say("", f"Start to first answer: {statistics.median(starts):.2f} s (at most {MOST_START_SECONDS:g}).")


def judged(text: str, holds: bool) -> str:
    return f"**{text}**" if holds else f"**{text}**, missed"


def again(site: Site, nginx_at: Server, least_at: Server, sizes: list[int]) -> Iterator[str]:
    yield from say(
        "## A cached page",
        "",
        f"{CONNECTIONS} connections, brotli. The same bytes with the same headers come from nginx, as files, and from a WSGI application on the same",
        f"server that does nothing else (`tests/bench/least.py`). At least {LEAST_OF_LEAST} of the latter's rate.",
        "",
        "| page | bytes | nginx req/s | least req/s | req/s | of nginx | of the least | CPU µs (nginx) | CPU µs (least) | CPU µs | p50 ms | p99 ms |",
        "|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|",
    )
    for number, (path, size) in enumerate(zip(AGAIN, sizes, strict=True)):
        sides = [(f"{url}/{number}", pid, ()) for url, pid in (nginx_at, least_at)]
        nginxes, leasts, ours = in_turns(*sides, (site.url + path, worker(site), ()))
        yield from say(
            f"| `{path.replace(CODE, '<code>')}` | {size:,} | {middle(nginxes, 'rate'):,.0f} | {middle(leasts, 'rate'):,.0f} "
            f"| {middle(ours, 'rate'):,.0f} | {ratio(ours, nginxes):.2f} | {judged(f'{ratio(ours, leasts):.2f}', ratio(ours, leasts) >= LEAST_OF_LEAST)} "
            f"| {middle(nginxes, 'cpu'):.0f} | {middle(leasts, 'cpu'):.0f} | {middle(ours, 'cpu'):.0f} "
            f"| {middle(ours, 'p50'):.2f} | {middle(ours, 'p99'):.2f} |"
        )


def never_seen(folder: Path, site: Site, bare_url: str, bare_pid: int) -> Iterator[str]:
    yield from say(
        "",
        "## A page that is not cached",
        "",
        "A new code in each request, beside a bare Django view of the same size without middleware (`tests/bench/bare.py`).",
        f"At least {LEAST_OF_BARE['a question']} of its rate for a question and {LEAST_OF_BARE['a result']} for a result.",
        "",
        "| page | bytes | bare req/s | req/s | ratio | CPU µs (bare) | CPU µs | p50 ms | p99 ms |",
        "|---|--:|--:|--:|--:|--:|--:|--:|--:|",
    )
    draw = random.Random(1)
    for name, make in {"a question": question, "a result": result}.items():
        size = statistics.mean(len(fetch(site.url + make(draw))) for _ in range(50))
        runs = [paths(folder, f"{name}-{run}", [f"GET {make(draw)}" for _ in range(12_000)]) for run in range(RUNS)]
        rows = paths(folder, "bare", [f"GET /?bytes={size:.0f}"])
        theirs, ours = [], []
        for run in runs:
            theirs.append(wrk(bare_url, bare_pid, rows))
            ours.append(wrk(site.url, worker(site), run))
        yield from say(
            f"| {name} | {size:,.0f} | {middle(theirs, 'rate'):,.0f} | {middle(ours, 'rate'):,.0f} "
            f"| {judged(f'{ratio(ours, theirs):.2f}', ratio(ours, theirs) >= LEAST_OF_BARE[name])} | {middle(theirs, 'cpu'):.0f} | {middle(ours, 'cpu'):.0f} "
            f"| {middle(ours, 'p50'):.2f} | {middle(ours, 'p99'):.2f} |"
        )


def mixed(folder: Path, site: Site) -> Iterator[str]:
    """A minute of mixed visits: mostly cached pages, some new questions and results, some finishes."""
    draw = random.Random(2)
    known = [
        f"GET {path}" for path in re.findall(r"<loc>https?://[^/]+([^<]+)", fetch(f"{site.url}/sitemap.xml").decode())
    ]
    lines = []
    for _ in range(40_000):
        finish = f"POST /quiz/finish/ a={code(draw)[:-1]}"
        kinds = [draw.choice(known), f"GET {question(draw)}", f"GET {result(draw)}", finish]
        lines += draw.choices(kinds, MIX.values())
    # The minute has addresses of its own, because those of the capacity run are cached.
    before, minute = paths(folder, "before", lines[:10_000]), paths(folder, "minute", lines[10_000:])
    pid = worker(site)
    most = wrk(site.url, pid, before, seconds=5)
    besides = [memory(pid) - kept(site)]
    run = wrk(site.url, pid, minute, seconds=MIXED_SECONDS, pause=at_half_of(most))
    besides.append(memory(pid) - kept(site))
    growth = 100 * (besides[1] / besides[0] - 1)
    yield from say(
        "",
        f"## {MIXED_SECONDS} seconds at half of capacity",
        "",
        ", ".join(f"{share} % {kind}" for kind, share in MIX.items()) + "; compressed.",
        f"At most {MOST_P99_MS:g} ms at the 99th percentile, {MOST_MB:g} MB of memory without the page cache (32 MB at most), {MOST_GROWTH:g} % growth, no errors.",
        "",
        "| capacity req/s | req/s | p50 ms | p99 ms | CPU µs | errors | MB without cache | growth % | cache MB |",
        "|--:|--:|--:|--:|--:|--:|--:|--:|--:|",
        f"| {most.rate:,.0f} | {run.rate:,.0f} | {run.p50:.2f} | {judged(f'{run.p99:.2f}', run.p99 <= MOST_P99_MS)} | {run.cpu:.0f} | {judged(str(run.bad), not run.bad)} "
        f"| {judged(f'{besides[1]:.0f}', besides[1] <= MOST_MB)} | {judged(f'{growth:.1f}', growth <= MOST_GROWTH)} | {kept(site):.1f} |",
    )


def control(folder: Path, url: str, pid: int) -> Iterator[str]:
    """The bare view at half of its capacity, to see how much of the slowest answers is due to the machine."""
    rows = paths(folder, "control", ["GET /?bytes=12000"])
    most = wrk(url, pid, rows)
    run = wrk(url, pid, rows, seconds=15, pause=at_half_of(most))
    yield from say(
        "",
        f"For comparison, the bare view alone (12,000 bytes, no middleware, no database) at half of its own capacity, "
        f"{run.rate:,.0f} req/s: p50 {run.p50:.2f} ms, p99 {run.p99:.2f} ms.",
    )


def at_half_of(most: Load) -> int:
    """The pause in milliseconds with which the connections make half as many requests."""
    return max(1, round(1000 * CONNECTIONS / (most.rate / 2)))


def in_turns(*sides: tuple[str, int, tuple[str, ...]]) -> list[list[Load]]:
    rounds = [[wrk(url, pid, extra) for url, pid, extra in sides] for _ in range(RUNS)]
    return [list(side) for side in zip(*rounds, strict=True)]


def wrk(url: str, pid: int, extra: tuple[str, ...] = (), *, seconds: int = SECONDS, pause: int = 0) -> Load:
    command = [*CLIENT, "wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "--latency", "--timeout", "10s"]
    headers = [word for name, value in BROWSER.items() for word in ("-H", f"{name}: {value}")]
    before = cpu_seconds(pid)
    environment = os.environ | {"PAUSE_MS": str(pause)}
    script = (extra[0:2], extra[2:]) if extra else ((), ())
    done = subprocess.run(
        [*command, *headers, *script[0], url, *script[1]], env=environment, capture_output=True, text=True, check=True
    )
    spent = cpu_seconds(pid) - before
    text = done.stdout
    count = int(re.search(r"(\d+) requests in", text)[1])  # type: ignore[index]
    bad = [int(number) for number in re.findall(r"Non-2xx or 3xx responses: (\d+)", text)]
    bad += [int(n) for line in re.findall(r"Socket errors: (.*)", text) for n in re.findall(r"\d+", line)]
    return Load(
        rate=float(re.search(r"Requests/sec:\s+([\d.]+)", text)[1]),  # type: ignore[index]
        p50=milliseconds(text, "50%"),
        p99=milliseconds(text, "99%"),
        cpu=1e6 * spent / count,
        bad=sum(bad),
    )


def milliseconds(text: str, share: str) -> float:
    number, unit = re.search(rf"{share}\s+([\d.]+)(us|ms|s)", text).groups()  # type: ignore[union-attr]
    return float(number) * {"us": 0.001, "ms": 1, "s": 1000}[unit]


def paths(folder: Path, name: str, lines: list[str]) -> tuple[str, ...]:
    """The arguments that make wrk request these."""
    file = folder / f"{name.replace(' ', '-')}.txt"
    file.write_text("\n".join(lines), encoding="ascii")
    return ("-s", str(LUA), "--", str(file))


def question(draw: random.Random) -> str:
    return f"/quiz/?a={code(draw)[: draw.randint(8, 13)]}"


def result(draw: random.Random) -> str:
    return f"/result/{code(draw)}/"


@contextmanager
def granian(name: str, first: str, **environment: str) -> Iterator[Server]:
    """Another application of this folder on the same server as the site; it answers once `first` is there."""
    port = free_port()
    command = [*SERVER, sys.executable, "-m", "granian", "--interface", "wsgi", "--port", str(port), "--no-ws"]
    command += [
        "--workers",
        "1",
        "--blocking-threads",
        str(THREADS),
        "--log-level",
        "error",
        f"tests.bench.{name}:application",
    ]
    with running(command, f"http://127.0.0.1:{port}{first}", **environment) as pid:
        yield f"http://127.0.0.1:{port}", children(pid)[0]


def answers(pages: Path, urls: list[str]) -> list[int]:
    """Keep the answers of these addresses, body and headers, as 0, 1 and so on; the sizes of the bodies."""
    pages.mkdir()
    sizes = []
    for number, url in enumerate(urls):
        with urlopen(Request(url, headers=BROWSER), timeout=20) as answer:
            sizes.append((pages / str(number)).write_bytes(answer.read()))
            own = [(name, value) for name, value in answer.getheaders() if name.lower() not in THE_SERVERS]
        (pages / f"{number}.json").write_text(json.dumps(own), encoding="ascii")
    return sizes


@contextmanager
def nginx(folder: Path) -> Iterator[Server]:
    """nginx serving what `answers` has kept."""
    locations, port = [], free_port()
    for file in (folder / "pages").glob("*.json"):
        headers = {name.lower(): value for name, value in json.loads(file.read_text())}
        own = [f'add_header {name} "{value}";' for name, value in headers.items() if name not in ITS_OWN]
        locations.append(LOCATION.format(number=file.stem, type=headers["content-type"], headers=" ".join(own)))
    configuration = NGINX.format(folder=folder, port=port, locations="\n".join(locations))
    (folder / "nginx.conf").write_text(configuration, encoding="ascii")
    program = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin") or ""
    with running([*SERVER, program, "-c", f"{folder}/nginx.conf"], f"http://127.0.0.1:{port}/0") as pid:
        yield f"http://127.0.0.1:{port}", children(pid)[0]


@contextmanager
def running(command: list[str], url: str, **environment: str) -> Iterator[int]:
    process = subprocess.Popen(command, cwd=ROOT, env=os.environ | environment)
    try:
        while process.poll() is None:
            try:
                fetch(url)
                break
            except OSError:
                continue
        yield process.pid
    finally:
        process.terminate()
        process.wait(20)


def start_seconds(folder: Path) -> float:
    started = time.monotonic()
    with serve(folder, folder / "static", wrapper=SERVER, migrate=False) as site:
        fetch(site.url)
        return time.monotonic() - started


def settle(site: Site) -> None:
    """Wait until the pages of the sitemap are cached."""
    before = -1.0
    while (now := kept(site)) != before:
        before = now
        time.sleep(2)


def kept(site: Site) -> float:
    size = re.search(rb'"bytes": (\d+)', fetch(f"{site.url}/readyz"))
    return int(size[1]) / 1e6  # type: ignore[index]


def fetch(url: str, headers: dict[str, str] | None = None) -> bytes:
    with urlopen(Request(url, headers=headers or {}), timeout=20) as answer:
        body: bytes = answer.read()
    return body


def worker(site: Site) -> int:
    """The worker process: the child with the most memory."""
    return max(children(site.process.pid), key=memory)


def children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def cpu_seconds(pid: int, thread: str = "") -> float:
    fields = Path(f"/proc/{pid}{thread and f'/task/{thread}'}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def memory(pid: int) -> float:
    """Resident megabytes."""
    return int(re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())[1]) / 1000  # type: ignore[index]


def machine() -> str:
    model = re.search(r"model name\s*: (.+)", Path("/proc/cpuinfo").read_text())
    return f"{os.cpu_count()} × {model[1] if model else platform.machine()}, Linux {platform.release()}, Python {platform.python_version()}"


def middle(loads: list[Load], figure: str) -> float:
    return statistics.median(getattr(load, figure) for load in loads)


def ratio(ours: list[Load], theirs: list[Load]) -> float:
    return statistics.median(our.rate / their.rate for our, their in zip(ours, theirs, strict=True))


def say(*lines: str) -> Iterator[str]:
    for line in lines:
        print(line, flush=True)
        yield line


if __name__ == "__main__":
    main()
