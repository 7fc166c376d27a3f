"""`make audit`: Lighthouse (mobile) on six kinds of page, the median of five runs each, as a table."""

import json
import os
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import playwright

from tests.browser import chromium
from tests.browser.server import ROOT, collect, serve

LIGHTHOUSE = "lighthouse@13.5.0"
RUNS, TRIES, SECONDS = 5, 4, 90
MOST_LCP_MS = 900
# It needs Node.js 22.19 or newer. Playwright brings one along; npx comes with whatever is installed.
NODE = Path(playwright.__file__).parent / "driver"
# {code} is the first code of golden.toml.
PAGES = ["/", "/guide/", "/roles/studio-producer/", "/learn/eq-compression/", "/quiz/?a=1021", "/result/{code}/"]
CATEGORIES = ["performance", "accessibility", "best-practices", "seo"]
TIMES = {"largest-contentful-paint": "LCP ms", "total-blocking-time": "TBT ms", "cumulative-layout-shift": "CLS"}


def main() -> None:
    if not shutil.which("npx"):
        sys.exit(
            "Lighthouse is fetched by npx, which comes with Node.js. On Debian or Ubuntu, as root: apt-get install -y npm"
        )
    code = next(line.split('"')[1] for line in (ROOT / "tests" / "golden.toml").open() if line.startswith("code"))
    print("| page | " + " | ".join([*CATEGORIES, *TIMES.values(), "bytes", "requests"]) + " |")
    print("|---" * (len(CATEGORIES) + len(TIMES) + 3) + "|")
    slow = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        collect(folder / "static")
        with serve(folder, folder / "static") as site:
            for page in PAGES:
                runs = [audit(site.url + page.format(code=code), folder) for _ in range(RUNS)]
                middle = [statistics.median(numbers) for numbers in zip(*runs, strict=True)]
                slow += [page] * (middle[len(CATEGORIES)] > MOST_LCP_MS)
                print(f"| `{page}` | " + " | ".join(f"{number:g}" for number in middle) + " |", flush=True)
    sys.exit(f"The first picture takes longer than {MOST_LCP_MS} ms: {', '.join(slow)}" if slow else 0)


def audit(url: str, folder: Path) -> list[float]:
    report = folder / "report.json"
    flags = "--chrome-flags=--headless=new --no-sandbox --disable-background-networking"
    command = ["npx", "--yes", LIGHTHOUSE, url, flags, "--quiet", "--output=json", f"--output-path={report}"]
    for _ in range(TRIES):
        try:
            run(command)
            results = json.loads(report.read_text(encoding="utf-8"))
        except (subprocess.SubprocessError, OSError) as error:
            print(f"Once more: {error}", file=sys.stderr)
            continue
        if not results.get("runtimeError") and "numericValue" in results["audits"]["largest-contentful-paint"]:
            return figures(results)
        print(f"Once more: {results.get('runtimeError') or 'the trace has no first picture'}", file=sys.stderr)
    sys.exit(f"Lighthouse broke off {TRIES} times on {url}.")


def run(command: list[str]) -> None:
    """With all that it starts in a group of its own, because a browser that hangs outlives npx."""
    environment = os.environ | {"PATH": f"{NODE}:{os.environ['PATH']}", "CHROME_PATH": chromium.find() or ""}
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, start_new_session=True) as process:
        try:
            status = process.wait(SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            raise
    if status:
        raise subprocess.CalledProcessError(status, command[2])


def figures(results: dict[str, Any]) -> list[float]:
    requests = results["audits"]["network-requests"]["details"]["items"]
    return [
        *(round(100 * results["categories"][name]["score"]) for name in CATEGORIES),
        *(round(results["audits"][name]["numericValue"], 3) for name in TIMES),
        results["audits"]["total-byte-weight"]["numericValue"],
        len(requests),
    ]


if __name__ == "__main__":
    main()
