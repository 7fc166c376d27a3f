"""Static files as a release serves them: hashed, compressed and with the digests of scripts."""

import json
import re
from base64 import b64encode
from hashlib import sha384
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.base import ContentFile

from producerguide.staticfiles import BundleFinder, Storage
from quiz import codes
from quiz.catalogue import catalogue
from tests.conftest import by_id

LABS = [id_ for id_ in catalogue().topics if (settings.BASE_DIR / f"static/js/labs/{id_}.js").exists()]
HASHED = re.compile(r"\.[0-9a-f]{12}(\.|$)")


def test_a_script_is_minified_when_it_is_saved(tmp_path):
    storage = Storage(location=tmp_path)
    storage.save("js/one.js", ContentFile(b"// Why it is one.\nlet one = 1;\n"))
    storage.save("css/one.css", ContentFile(b"a {\n}\n"))
    assert (tmp_path / "js/one.js").read_text() == "let one=1;"
    assert (tmp_path / "css/one.css").read_text() == "a {\n}\n"


def test_all_style_sheets_are_collected_as_one_with_the_inks_first():
    [(name, storage)] = BundleFinder().list(None)
    with storage.open(name) as file:
        bundle = file.read().decode()
    sheets = [sheet.read_text(encoding="utf-8") for sheet in (settings.BASE_DIR / "static/css").glob("*.css")]
    assert all(sheet in bundle for sheet in sheets)
    assert bundle.startswith((settings.BASE_DIR / "static/css/inks.css").read_text(encoding="utf-8"))


def test_every_file_of_a_release_has_a_hash_in_its_name(static_root):
    files = [file for file in static_root.rglob("*") if file.is_file() and file.name != "staticfiles.json"]
    assert files
    assert [file for file in files if not HASHED.search(file.name)] == []


def test_scripts_and_styles_also_exist_compressed(static_root):
    for file in [*static_root.rglob("js/*.js"), *static_root.rglob("css/*.css")]:
        for form in (".br", ".gz"):
            assert Path(f"{file}{form}").stat().st_size < file.stat().st_size


def test_a_module_imports_another_by_its_hashed_name(static_root):
    names = json.loads((static_root / "staticfiles.json").read_text())["paths"]
    checklist = (static_root / names["js/checklist.js"]).read_text()
    assert f'import("./{Path(names["js/qr.js"]).name}")' in checklist


def test_a_release_carries_no_comment_and_no_indentation_of_a_script(static_root):
    names = json.loads((static_root / "staticfiles.json").read_text())["paths"]
    comments = 0
    for source in (settings.BASE_DIR / "static").glob("js/**/*.js"):
        released = (static_root / names[str(source.relative_to(settings.BASE_DIR / "static"))]).read_text()
        found = re.findall(r"^ *(?://|/\*\*|\*) (.+?)(?: \*/)?$", source.read_text(encoding="utf-8"), re.MULTILINE)
        comments += len(found)
        assert [comment for comment in found if comment in released] == [], source
        assert not re.search(r"^\s", released, re.MULTILINE), source
    assert comments > 100


def test_no_template_of_a_script_stands_within_another():
    """The minifier would take the spaces out of the inner one: `${x} ${y}` would be one number."""
    for source in (settings.BASE_DIR / "static" / "js").rglob("*.js"):
        for template in re.findall(r"\$\{[^{}]*`([^`]*)", source.read_text(encoding="utf-8")):
            assert not re.search(r"\s", template), source


@pytest.mark.parametrize("topic", LABS)
def test_a_lab_and_its_modules_weigh_at_most_20_kb(client, static_root, topic):
    page = client.get(f"/learn/{topic}/").text
    code = re.findall(r'<link rel="modulepreload" href="/static/([^"]+)"', page)
    assert code[-1].startswith(f"js/labs/{topic}.")
    assert set(
        re.findall(r'from"\.{1,2}/(?:sound/)?([^"]+)"', "".join((static_root / file).read_text() for file in code))
    ) == {Path(file).name for file in code[:-1]}
    assert sum((static_root / f"{file}.br").stat().st_size for file in code) <= 20 * 1024


@pytest.mark.parametrize("role", ["bedroom", "studio", "mix"])
def test_an_audition_and_its_modules_weigh_at_most_20_kb(client, static_root, content, role):
    page = client.get(f"/try/{content.roles[role].slug}/").text
    code = re.findall(r'<link rel="modulepreload" href="/static/([^"]+)"', page)
    assert code[-1].startswith(f"js/try/{role}.")
    imported = re.findall(r'from"\.{1,2}/([^"]+)"', "".join((static_root / file).read_text() for file in code))
    by_frame = {"engine", "panel", "player", "seeds"}
    names = {Path(file).name.split(".")[0] for file in code[:-1]}
    assert {Path(file).name.split(".")[0] for file in imported} | by_frame == names
    [frame] = re.findall(r'src="/static/(js/try/frame\.[^"]+)"', page)
    assert sum((static_root / f"{file}.br").stat().st_size for file in [frame, *code]) <= 20 * 1024


@pytest.mark.parametrize(
    "path", ["/", "/quiz/", "/guide/", "/learn/daw/", "/roles/bedroom-producer/checklist/", "/try/studio-producer/"]
)
def test_a_page_has_the_digest_of_every_script_it_loads(client, static_root, path):
    scripts = re.findall(r"<script (.*?)></script>", client.get(path).content.decode())
    assert scripts
    for script in scripts:
        source = re.search(r'src="/static/([^"]+)"', script)[1]
        digest = b64encode(sha384((static_root / source).read_bytes()).digest()).decode()
        assert f'integrity="sha384-{digest}"' in script


@pytest.mark.parametrize(
    "path", ["/", "/guide/", "/roles/studio-producer/", "/quiz/?a=1021", f"/result/{codes.build(by_id())}/"]
)
def test_the_first_picture_waits_for_no_script_and_no_manifest(client, path):
    page = client.get(path).content.decode()
    for kind in ("(?! class=.late)", " class=.late"):  # the former stand in the latter, too
        page = re.sub(rf"(?s)<template{kind}.*?</template>", "", page)
    assert "</footer>" in page
    assert not re.search(r'<script [^>]*src=|rel="manifest"', page)


def test_development_serves_scripts_without_a_digest(settings):
    from quiz.templatetags.guide import script

    settings.DEBUG = True
    assert "integrity" not in script("js/quiz.js")
