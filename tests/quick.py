"""The tests of what a change touches, without a browser: `make quick`.

A changed file is tested by the modules that carry its name or speak of it; a browser, and what depends on it less
directly, is left to `make test`.
"""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]


def git(*words: str) -> list[str]:
    return subprocess.run(["git", *words], cwd=ROOT, check=True, capture_output=True, text=True).stdout.splitlines()


def changed() -> list[str]:
    """What differs from the last commit; where nothing does, what that commit changed."""
    now = git("diff", "--name-only", "HEAD") + git("ls-files", "--others", "--exclude-standard")
    return now or git("diff", "--name-only", "HEAD~1")


def touching(files: list[str], modules: dict[str, str]) -> list[str]:
    """Of test modules with their text, those that are among the files, carry the name of one, or speak of one."""
    stems = {Path(file).stem.strip("_").replace("-", "_") for file in files}
    names = {Path(file).name for file in files if not file.endswith(".py")}
    return [
        module
        for module, text in modules.items()
        if module in files
        or any(f"{Path(module).stem}_".startswith(f"test_{stem}_") for stem in stems)
        or any(name in text for name in names)
    ]


def main() -> None:
    modules = {
        str(path.relative_to(ROOT)): path.read_text(encoding="utf-8")
        for path in sorted((ROOT / "tests").rglob("test_*.py"))
        if path.parent.name not in {"browser", "browsers"}
    }
    files = changed()
    found = touching(files, modules)
    print(f"{len(files)} changed files, tested by: {', '.join(found) or 'no module; see make test'}", flush=True)
    if found:
        sys.exit(subprocess.run([sys.executable, "-m", "pytest", "--quiet", *found], cwd=ROOT).returncode)


if __name__ == "__main__":
    main()
