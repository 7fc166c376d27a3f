"""A PostgreSQL of one's own, on a socket in a temporary folder and gone afterwards.

`python -m tests.postgresql COMMAND` runs a command with DATABASE_URL naming it; `make test-postgres` does so with the tests.
With `--where-possible` before it, a machine that has no PostgreSQL and can get none is told so, and no more.
"""

import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

BEHIND = "/usr/lib/postgresql"  # where Debian keeps what is not for everybody's PATH
HELP = (
    "There is no PostgreSQL server here to test on. Type this, then run it again: "
    "on Debian or Ubuntu, as root: apt-get update && apt-get install -y postgresql; on macOS: brew install postgresql"
)
NOBODY = "PostgreSQL does not run as root, and there is no user called postgres to run it as. The package postgresql brings one."


@dataclass(frozen=True)
class Server:
    folder: Path
    user: str

    @property
    def url(self) -> str:
        return f"postgres://{self.user}@{quote(str(self.folder), safe='')}/postgres"

    def control(self, *words: str) -> None:
        """Start, stop or restart it, and wait until that is done."""
        # Nobody connects but through the socket, and only who may open the folder reaches that.
        options = f"-k {self.folder} -c listen_addresses= -c max_connections=50"
        run("pg_ctl", "-D", str(self.folder / "data"), "-l", str(self.folder / "log"), "-o", options, "-w", *words)


@contextmanager
def postgresql() -> Iterator[Server]:
    with tempfile.TemporaryDirectory(prefix="pg") as name:  # short: a socket's path has a hundred letters at most
        folder, user = Path(name), runner()
        shutil.chown(folder, user)
        run("initdb", "-D", f"{name}/data", "-U", user, "-A", "trust", "-E", "UTF8", "--no-sync")
        server = Server(folder, user)
        server.control("start")
        try:
            yield server
        finally:
            server.control("stop", "-m", "immediate")


def run(tool: str, *words: str) -> None:
    path = find(tool)
    if path is None:
        sys.exit(HELP)
    done = subprocess.run(
        [path, *words],
        user=runner(),
        cwd="/",
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    if done.returncode:
        sys.exit(f"{tool} failed: {done.stderr.strip()}")


def runner() -> str:
    """Whoever runs this; but PostgreSQL refuses root, who lends it the user of Debian's package."""
    if os.geteuid():
        return pwd.getpwuid(os.geteuid()).pw_name
    try:
        return pwd.getpwnam("postgres").pw_name
    except KeyError:
        sys.exit(NOBODY)


def find(tool: str) -> str | None:
    newest_first = sorted(Path(BEHIND).glob("*/bin"), key=lambda folder: float(folder.parent.name), reverse=True)
    return shutil.which(tool, path=os.pathsep.join([os.environ.get("PATH", ""), *map(str, newest_first)]))


def install() -> None:
    """Try Debian's package."""
    if find("initdb") is None and shutil.which("apt-get") and os.geteuid() == 0:
        print("Installing a PostgreSQL for the tests…")
        for words in (["update"], ["install", "-y", "postgresql"]):
            subprocess.run(
                ["apt-get", *words],
                env=os.environ | {"DEBIAN_FRONTEND": "noninteractive"},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                check=False,
            )


def main(words: list[str]) -> int:
    where_possible = words[:1] == ["--where-possible"]
    command = words[where_possible:]
    install()
    if find("initdb") is None:
        print(HELP, file=sys.stderr)
        return 0 if where_possible else 1
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that it is removed then, too
    with postgresql() as server:
        return subprocess.run(command, env=os.environ | {"DATABASE_URL": server.url}, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
