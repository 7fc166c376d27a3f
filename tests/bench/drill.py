"""What README and docs say to type, typed on bare Debian 12 and 13: `make drill`, as root, with debootstrap and systemd-nspawn.

Each Debian is made once (in var/drill), copied for each part, and booted with its own systemd, on a network of its own; only `apt-get`
is let out. What pip installs is downloaded once beforehand. Two things are not real: certbot, which has nobody to ask and signs
its own certificate after it has fetched its challenge from the web server as an authority would; and the address example.org.
`make drill PARTS="deploy bookworm"` chooses.
"""

import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import textwrap
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
KEPT = ROOT / "var" / "drill"
SUITES = ("bookworm", "trixie")
BARE = "systemd,systemd-sysv,dbus,ca-certificates,passwd"
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
REPOSITORY = "/srv/source.git"
LOCKS = ("requirements-dev.txt", "requirements.txt", "requirements-postgres.txt")
CERTBOT = """#!/bin/sh -e
mkdir -p /var/www/html/.well-known/acme-challenge /etc/letsencrypt/live/site
echo token > /var/www/html/.well-known/acme-challenge/token
[ "$(curl -sS http://example.org/.well-known/acme-challenge/token)" = token ]
cd /etc/letsencrypt/live/site
openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=example.org -addext subjectAltName=DNS:example.org \
  -keyout privkey.pem -out fullchain.pem 2>/dev/null
cp fullchain.pem /usr/local/share/ca-certificates/example.crt && update-ca-certificates >/dev/null
"""


class Fault(Exception):
    pass


def must(true: object, else_: str) -> None:
    if not true:
        raise Fault(else_)


def blocks(file: str, heading: str) -> list[str]:
    """The indented blocks under a heading, up to the next heading of any level."""
    text = (ROOT / file).read_text(encoding="utf-8")
    found = re.search(rf"^#+ {re.escape(heading)}\n(.*?)(?=^#+ |\Z)", text, re.MULTILINE | re.DOTALL)
    if found is None:
        raise Fault(f"{file} has no heading {heading}")
    return [
        textwrap.dedent(block) for block in re.findall(r"(?:^    .*\n)+(?:\n*(?:^    .*\n)+)*", found[1], re.MULTILINE)
    ]


@dataclass(frozen=True)
class Machine:
    folder: Path
    leader: int

    def type(
        self, script: str, *, user: str = "root", cwd: str = "", network: bool = False, fails: bool = False
    ) -> str:
        """Type some lines at a shell of this user, which stops at the first that fails."""
        home = "/root" if user == "root" else f"/home/{user}"
        spaces = ["-m", "-u", "-i", "-p", "-C", *([] if network else ["-n"])]
        words = ["nsenter", "-t", str(self.leader), *spaces, "env", "-i", *self.environment(home, user)]
        words += ["setpriv", f"--reuid={user}", f"--regid={user}", "--init-groups", "bash", "-ec"]
        done = subprocess.run(
            [*words, f"cd {cwd or home}\n{script}"], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            text=True, check=False, timeout=7200,
        )  # fmt: skip
        if bool(done.returncode) != fails:
            raise Fault(f"{user} typed\n{script}\nand got {done.returncode}:\n{done.stdout[-3000:]}")
        return done.stdout

    def environment(self, home: str, user: str) -> list[str]:
        """What this machine needs to reach its mirrors, where it means something there too."""
        wanted = re.compile(r"(?i)(https?|no|ftp)_proxy$|PIP_(CERT|INDEX_URL|DEFAULT_TIMEOUT|PROXY)$|SSL_CERT_FILE$")
        own = [f"{name}={value}" for name, value in os.environ.items() if wanted.match(name)]
        return [
            f"PATH={PATH}",
            f"HOME={home}",
            f"USER={user}",
            "LANG=C.UTF-8",
            "TERM=dumb",
            "DEBIAN_FRONTEND=noninteractive",
            *own,
        ]

    def follow(self, block: str, *, fails: bool = False) -> None:
        """Type a block of a document as root; lines of apt-get are let out to the network."""
        for out, lines in runs(block):
            self.type("\n".join(lines), network=out, fails=fails)

    def write(self, path: str, text: str, mode: int = 0o644) -> None:
        file = self.folder / path.lstrip("/")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        file.chmod(mode)


def runs(block: str) -> Iterator[tuple[bool, list[str]]]:
    lines: list[str] = []
    for line in block.splitlines():
        if line.startswith("apt-get"):
            if lines:
                yield False, lines
            yield True, [line]
            lines = []
        else:
            lines.append(line)
    if lines:
        yield False, lines


def main() -> None:
    missing = [tool for tool in ("debootstrap", "systemd-nspawn", "nsenter", "git") if not shutil.which(tool)]
    if os.geteuid() or missing:
        reason = f"missing: {', '.join(missing)}" if missing else "only root can make and boot another system"
        sys.exit(
            f"Nothing was tried, so nothing has passed ({reason}). On Debian: apt-get install -y debootstrap systemd-container"
        )
    parts: list[Callable[[Machine], str]] = [deploy, postgresql, editing, changes, serve, tests]
    named = [part for part in parts if part.__name__ in sys.argv[1:]] or parts
    failed = []
    print("| on | tried | found |\n|---|---|---|", flush=True)
    for suite in [suite for suite in SUITES if suite in sys.argv[1:]] or SUITES:
        for part in named:
            if not tried(suite, part):
                failed.append(f"{part.__name__} on {suite}")
    sys.exit(f"Does not work as written: {', '.join(failed)}" if failed else 0)


def tried(suite: str, part: Callable[[Machine], str]) -> bool:
    what, started = (part.__doc__ or "").rstrip("."), time.monotonic()
    try:
        with tempfile.TemporaryDirectory(prefix="drill") as name, machine(suite, Path(name)) as booted:
            found = part(booted)
    except Fault as fault:
        print(f"| {suite} | {what} | **{fault}** |", flush=True)
        return False
    print(f"| {suite} | {what} | {found} ({time.monotonic() - started:.0f} s) |", flush=True)
    return True


@contextmanager
def machine(suite: str, folder: Path) -> Iterator[Machine]:
    root = folder / suite
    subprocess.run(["cp", "-a", "--reflink=auto", str(userland(suite)), str(root)], check=True)
    subprocess.run(["git", "clone", "--quiet", "--bare", str(ROOT), f"{root}{REPOSITORY}"], check=True)
    boot = [
        "systemd-nspawn",
        "--quiet",
        f"--directory={root}",
        "--boot",
        "--private-network",
        "--register=no",
        "--keep-unit",
    ]
    with (folder / "console").open("wb") as console:
        nspawn = subprocess.Popen([*boot, "--console=pipe"], stdin=subprocess.DEVNULL, stdout=console, stderr=console)
    try:
        booted = Machine(root, leader(nspawn))
        booted.type(
            "for i in $(seq 240); do systemctl is-system-running | grep -Eq 'running|degraded' && exit; sleep 0.5; done; exit 1"
        )
        booted.type(
            "ip link set lo up 2>/dev/null || true; grep -q example.org /etc/hosts || echo 127.0.0.1 localhost example.org > /etc/hosts"
        )
        yield booted
    finally:
        nspawn.terminate()
        try:
            nspawn.wait(60)
        except subprocess.TimeoutExpired:
            nspawn.kill()


def leader(nspawn: subprocess.Popen[bytes]) -> int:
    """The first process of the booted system."""
    for _ in range(600):
        for child in Path(f"/proc/{nspawn.pid}/task/{nspawn.pid}/children").read_text().split():
            if Path(f"/proc/{child}/comm").read_text().strip() == "systemd":
                return int(child)
        must(nspawn.poll() is None, "the system does not boot")
        time.sleep(0.1)
    raise Fault("the system does not boot")


def userland(suite: str) -> Path:
    """A bare Debian that can reach what this machine can reach, and the packages that pip will ask for."""
    root = KEPT / suite
    if not (root / "ready").exists():
        bootstrap(suite, root)
    locked = "".join((ROOT / name).read_text(encoding="utf-8") for name in LOCKS)
    made_for = root / "wheels" / "made-for"
    if not made_for.exists() or made_for.read_text(encoding="utf-8") != locked:
        download(root)
        made_for.write_text(locked, encoding="utf-8")
    return root


def bootstrap(suite: str, root: Path) -> None:
    shutil.rmtree(root, ignore_errors=True)
    KEPT.mkdir(parents=True, exist_ok=True)
    subprocess.run(
        ["debootstrap", "--variant=minbase", f"--include={BARE}", suite, str(root)], check=True, stdout=sys.stderr
    )
    for name in ("etc/resolv.conf", "etc/ssl/certs/ca-certificates.crt"):
        if Path("/", name).exists():
            shutil.copy(Path("/", name), root / name)
    for pattern in ("etc/apt/apt.conf.d/*", "usr/local/share/ca-certificates/*"):
        for file in Path("/").glob(pattern):
            if file.is_file() and (b"Acquire" in file.read_bytes() or "certificates" in pattern):
                shutil.copy(file, root / file.relative_to("/"))
    (root / "ready").touch()


def download(root: Path) -> None:
    """With a Python that is gone from the userland afterwards, like everything else that a bare one does not have."""
    maker = root.with_name(f"{root.name}.pip")
    shutil.rmtree(maker, ignore_errors=True)
    subprocess.run(["cp", "-a", "--reflink=auto", str(root), str(maker)], check=True)
    (maker / "etc" / "pip.conf").unlink(missing_ok=True)
    if Path("/etc/pip.conf").exists():
        shutil.copy("/etc/pip.conf", maker / "etc")
    for name in LOCKS:
        shutil.copy(ROOT / name, maker / "root")
    script = (
        "apt-get update -q && apt-get install -q -y --no-install-recommends python3-pip && cd /root && "
        + " && ".join(
            f"python3 -m pip download --quiet --require-hashes -r {name} -d /wheels"
            for name in ("requirements-postgres.txt", "requirements-dev.txt")
        )
        + " && python3 -m pip download --quiet setuptools wheel -d /wheels"  # one package has no wheel
    )
    inside = Machine(maker, 0).environment("/root", "root")
    subprocess.run(["chroot", str(maker), "env", "-i", *inside, "sh", "-c", script], check=True, stdout=sys.stderr)
    shutil.rmtree(root / "wheels", ignore_errors=True)
    shutil.move(maker / "wheels", root / "wheels")
    (root / "etc" / "pip.conf").write_text("[global]\nno-index = true\nfind-links = /wheels\n", encoding="utf-8")
    shutil.rmtree(maker)


def deploy(on: Machine) -> str:
    """docs/deploy.md: one small machine, releases, backups."""
    install(on)
    said = on.type("curl -sS https://example.org/ -o /dev/null -w '%{http_code} %{http_version}'; nginx -v 2>&1")
    must(said.startswith("200"), said)
    must(
        on.type("systemctl is-active producerguide producerguide-backup.timer nginx").split() == ["active"] * 3,
        "not all runs",
    )
    return "; ".join([f"home {said.strip()}", account(on), releases(on), backups(on)])


def install(on: Machine) -> None:
    first, *rest = blocks("docs/deploy.md", "One small machine")
    on.follow(first.replace("YOUR-REPOSITORY", REPOSITORY))
    on.write("/usr/local/sbin/certbot", CERTBOT, 0o755)
    for block in rest:
        if "createsuperuser" not in block:
            on.follow(block)


def account(on: Machine) -> str:
    block = next(block for block in blocks("docs/deploy.md", "One small machine") if "createsuperuser" in block).strip()
    keys = 'for word in owner "" Nine-lives-2031 Nine-lives-2031; do sleep 8; echo "$word"; done'
    on.type(f"({keys}) | script -qec {shlex.quote(block)} /dev/null")
    must(count(on, "auth_user") == 1, "no account was made")
    must(mode(on, "site.sqlite3") == "producerguide 600", f"the database is {mode(on, 'site.sqlite3')}")
    return "an account made at a terminal"


def releases(on: Machine) -> str:
    pull, back = blocks("docs/deploy.md", "A new release")
    running = "readlink /srv/producerguide/current; systemctl show -P MainPID producerguide"
    first = on.type(running)
    commit(on, "sed -i '0,/^price = .*/s//price = \"much\"/' quiz/content/gear.toml")
    on.follow(pull, fails=True)
    must(on.type(running) == first, "a fault in the content has touched the site that runs")
    commit(on, "git checkout -q HEAD~1 -- quiz/content; sed -i '1i raise SystemExit(1)' producerguide/server.py")
    on.follow(pull, fails=True)
    must(
        on.type(running).split()[0] == first.split()[0] and home(on) == 200,
        f"a release that cannot start was not taken back: home {home(on)}, {on.type(running)!r} after {first!r}",
    )
    commit(on, "git checkout -q HEAD~1 -- producerguide; echo '<p>Renewed: yes</p>' >> templates/_about.html")
    on.follow(pull)
    must("Renewed: " in on.type("curl -sS https://example.org/about/"), "the new release is not seen")
    before = time.monotonic()
    on.follow(back)
    took = time.monotonic() - before
    must("Renewed: " not in on.type("curl -sS https://example.org/about/"), "the release before is not seen")
    return f"a fault in the content and a server that does not start: refused, the site ran on; a good release; back in {took:.0f} s"


def commit(on: Machine, change: str) -> None:
    """Change the repository that the site is cloned from."""
    who = "-c user.name=drill -c user.email=drill@example.org"
    on.type(
        f"[ -d work ] || git clone -q {REPOSITORY} work; cd work; {change}; git {who} commit -qam change; git push -q"
    )


def home(on: Machine) -> int:
    return int(on.type("curl -sS https://example.org/ -o /dev/null -w '%{http_code}'"))


def backups(on: Machine) -> str:
    make, restore = blocks("docs/deploy.md", "Backups")
    finish(on, 0)
    counts(on, 1)
    on.follow(make)
    finish(on, 1)
    counts(on, 2)
    newest = on.type("ls -t /var/lib/producerguide/backups/*.sqlite3 | head -1").strip()
    on.follow(re.sub(r"\S+….sqlite3", newest, restore))
    counts(on, 1)
    must(mode(on, "site.sqlite3") == "producerguide 600", f"the database is {mode(on, 'site.sqlite3')}")
    must(mode(on, "backups/" + Path(newest).name) == "producerguide 600", "the backup is somebody else's")
    finish(on, 2)
    counts(on, 2)
    return "backup by its unit, restored while the site runs, owner and mode right, counting goes on"


def finish(on: Machine, link: int) -> None:
    """With the answers of one of the golden links: the same ones soon again are not counted."""
    answers = on.type("cd /srv/producerguide/current; .venv/bin/python -c \"import tomllib; "
                      f"print(tomllib.load(open('tests/golden.toml', 'rb'))['links'][{link}]['code'][:-1])\"").strip()  # fmt: skip
    said = on.type(f"curl -sS -o /dev/null -w '%{{http_code}}' --data a={answers} https://example.org/quiz/finish/")
    must(said == "303", f"a finish got {said}")


def counts(on: Machine, expected: int) -> None:
    """A finish is counted after it was answered, on a busy machine some seconds later."""
    for _ in range(40):
        if (found := count(on, "quiz_completion")) == expected:
            return
        time.sleep(0.5)
    raise Fault(f"{found} finishes are counted, not {expected}")


def count(on: Machine, table: str) -> int:
    ask = f"import sqlite3; print(sqlite3.connect('/var/lib/producerguide/site.sqlite3').execute('select count(*) from {table}').fetchone()[0])"
    return int(on.type(f'python3 -c "{ask}"'))


def mode(on: Machine, file: str) -> str:
    return on.type(f"stat -c '%U %a' /var/lib/producerguide/{file}").strip()


def postgresql(on: Machine) -> str:
    """docs/deploy.md: PostgreSQL instead, and without it."""
    install(on)
    finish(on, 0)
    counts(on, 1)
    (block,) = blocks("docs/deploy.md", "PostgreSQL instead")
    on.follow(block)
    rows = "runuser -u postgres -- psql -Atc 'select count(*) from quiz_completion' producerguide"
    must(int(on.type(rows, cwd="/")) == 1, "what was counted was not taken along")
    on.type("systemctl start producerguide-backup; ls /var/lib/producerguide/backups/*.dump")
    on.type("systemctl stop postgresql")
    running = on.type("readlink /srv/producerguide/current; systemctl show -P MainPID producerguide")
    on.type("producerguide release", fails=True)
    must(
        on.type("readlink /srv/producerguide/current; systemctl show -P MainPID producerguide") == running,
        "the site was touched",
    )
    on.type("systemctl restart producerguide")
    readyz = "curl -sS --insecure --header 'Host: example.org' https://127.0.0.1/readyz"
    wait = 'for i in $(seq 60); do {} | grep -q \'"db": "{}"\' && exit; sleep 1; done; exit 1'
    on.type(wait.format(readyz, "degraded"))
    must(
        on.type("curl -sS https://example.org/glossary/ -o /dev/null -w '%{http_code}'") == "200",
        "no pages without a database",
    )
    finish(on, 1)
    on.type("systemctl start postgresql")
    on.type(wait.format(readyz, "ok"))
    on.type(f'for i in $(seq 60); do [ "$({rows})" = 2 ] && exit; sleep 1; done; exit 1', cwd="/")
    return "counts taken along; with PostgreSQL away a release is refused, a restart serves and counts when it is back"


def editing(on: Machine) -> str:
    """docs/editing.md and docs/owner.md, as an ordinary user."""
    prepare(on, "editor")
    where = {"user": "editor", "cwd": "/home/editor/site"}
    on.type("make .venv/.serve && mkdir -p var && .venv/bin/python manage.py migrate --verbosity 0", **where)
    dev = "make dev > /tmp/dev 2>&1 & for i in $(seq 90); do python3 -c \"from urllib.request import urlopen; urlopen('http://127.0.0.1:8000/')\" 2>/dev/null && break; sleep 1; done; kill %1; [ $i -lt 90 ]"
    on.type(dev, **where)
    on.type(".venv/bin/python manage.py questionnaire new && rm -r quiz/content/drafts", **where)
    backup, drill = blocks("docs/owner.md", "Backups")
    make, restore = backup.strip().splitlines()
    on.type(make, **where)
    newest = on.type("ls -t ~/backups/*.sqlite3 | head -1", **where).strip()
    for line in (restore, drill):
        on.type(re.sub(r"\S+….sqlite3", newest, line), **where)
    (commands,) = [block for block in blocks("docs/editing.md", "The questionnaire") if "manage.py" in block]
    lines = [line for line in commands.splitlines() if "release" not in line]
    on.type("\n".join(lines), **where)
    return "make dev, a draft and its comparison, a backup and its restore"


def changes(on: Machine) -> str:
    """The tests after what docs/editing.md shows: a price, a term, a released questionnaire and another draft."""
    prepare(on, "editor")
    where = {"user": "editor", "cwd": "/home/editor/site"}
    manage = ".venv/bin/python manage.py questionnaire"
    on.type("make .venv/.dev", **where)
    on.type(
        f"{manage} new; sed -i '0,/^text = \"/s//&Reworded: /' quiz/content/drafts/*.toml; {manage} release; {manage} new",
        **where,
    )
    on.type("sed -Ei '0,/^price = ([1-9][0-9]*)[0-9]$/s//price = \\19/' quiz/content/gear.toml", **where)
    on.type("sed -i '0,/^text = \"/s//&Reworded: /' quiz/content/glossary.toml", **where)
    return ", ".join(
        re.findall(r"\d+ passed", on.type(".venv/bin/python -m pytest -q --ignore tests/browser", **where))
    )


def prepare(on: Machine, user: str) -> None:
    """What the README asks for: Python, git and make; and a clone of one's own."""
    on.type("apt-get update -q && apt-get install -q -y --no-install-recommends git make python3-venv", network=True)
    if user != "root":
        on.type(f"useradd --create-home --shell /bin/bash {user}")
        on.type(f"git config --system --add safe.directory {REPOSITORY}")  # it belongs to root here
    on.type(f"git clone -q {REPOSITORY} site", user=user)


def serve(on: Machine) -> str:
    """README: make serve, by an ordinary user and by root."""
    lines = blocks("README.md", "ProducerGuide")[0].splitlines()
    command = next(line.partition("#")[0] for line in lines if line.startswith("make serve"))
    ask = "python3 -c \"from urllib.request import urlopen; urlopen('http://127.0.0.1:8000/')\" 2>/dev/null"
    for user in ("visitor", "root"):
        prepare(on, user)
        script = f"{command} > /tmp/serve-{user} 2>&1 & for i in $(seq 240); do {ask} && break; sleep 1; done; kill %1; wait || true; [ $i -lt 240 ] || cat /tmp/serve-{user}; [ $i -lt 240 ]"
        on.type(script, user=user, cwd=f"{'/root' if user == 'root' else '/home/visitor'}/site")
    return "serves the home page"


def tests(on: Machine) -> str:
    """README: make test, by an ordinary user, who is told what root must install, and by root."""
    command = next(
        line for line in blocks("README.md", "ProducerGuide")[0].splitlines() if line.startswith("make test")
    )
    said = []
    for user in ("visitor", "root"):
        prepare(on, user)
        where = {"user": user, "cwd": f"{'/root' if user == 'root' else '/home/visitor'}/site"}
        try:
            out = on.type(command, **where)
        except Fault as fault:
            told = re.search(r"as root: (apt-get .*)", str(fault))
            if told is None:
                raise
            on.type(told[1], network=True)
            out = on.type(command, **where)
        said.append(f"{user}: " + ", ".join(re.findall(r"\d+ passed.*?(?= in )", out)))
    return "; ".join(said)


if __name__ == "__main__":
    main()
