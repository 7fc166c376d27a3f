"""`make audit`: Lighthouse (mobile) on six kinds of page, the median of three runs each, as a table."""

import json
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.browser import chromium
from tests.browser.server import ROOT, collect, serve

LIGHTHOUSE = "lighthouse@13.5.0"
RUNS = 3
# {code} is the first code of golden.toml.
PAGES = ["/", "/guide/", "/roles/studio-producer/", "/learn/eq-compression/", "/quiz/?a=1021", "/result/{code}/"]
CATEGORIES = ["performance", "accessibility", "best-practices", "seo"]
TIMES = {"largest-contentful-paint": "LCP ms", "total-blocking-time": "TBT ms", "cumulative-layout-shift": "CLS"}


def main() -> None:
    if not shutil.which("npx"):
        sys.exit("Lighthouse needs Node.js (npx). Install it and run this again.")
    code = next(line.split('"')[1] for line in (ROOT / "tests" / "golden.toml").open() if line.startswith("code"))
    print("| page | " + " | ".join([*CATEGORIES, *TIMES.values(), "bytes", "requests"]) + " |")
    print("|---" * (len(CATEGORIES) + len(TIMES) + 3) + "|")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        collect(folder / "static")
        with serve(folder, folder / "static") as site:
            for page in PAGES:
                runs = [audit(site.url + page.format(code=code), folder) for _ in range(RUNS)]
                middle = [statistics.median(numbers) for numbers in zip(*runs, strict=True)]
                print(f"| `{page}` | " + " | ".join(f"{number:g}" for number in middle) + " |", flush=True)


def audit(url: str, folder: Path) -> list[float]:
    report = folder / "report.json"
    command = ["npx", "--yes", LIGHTHOUSE, url, "--quiet", "--output=json", f"--output-path={report}"]
    command += [
        f"--chrome-path={chromium.find()}",
        "--chrome-flags=--headless=new --no-sandbox --disable-background-networking",
    ]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    results = json.loads(report.read_text(encoding="utf-8"))
    requests = results["audits"]["network-requests"]["details"]["items"]
    return [
        *(round(100 * results["categories"][name]["score"]) for name in CATEGORIES),
        *(round(results["audits"][name]["numericValue"], 3) for name in TIMES),
        results["audits"]["total-byte-weight"]["numericValue"],
        len(requests),
    ]


if __name__ == "__main__":
    main()
