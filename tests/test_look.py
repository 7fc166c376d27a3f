"""The tokens keep their contrast in both themes, and the look keeps its weight."""

import gzip
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.management import call_command
from django.test import RequestFactory

from producerguide import pages, staticfiles
from quiz import inks

STATIC = settings.BASE_DIR / "static"
COLOURS = {name: ink._asdict() for name, ink in inks.inks().items()}
GROUNDS = ["ground", "panel", "raised"]
INKS = ["bedroom", "studio", "mix", "track-1", "track-2", "track-3", "track-4"]


def luminance(colour):
    """Relative luminance, WCAG 2.2."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("ground", GROUNDS)
@pytest.mark.parametrize("text", ["text", "muted", "warning", *INKS])
def test_text_can_be_read_on_every_ground(text, ground, theme):
    assert contrast(COLOURS[text][theme], COLOURS[ground][theme]) >= 4.5


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("ink", INKS)
def test_text_can_be_read_on_a_button_of_every_ink(ink, theme):
    assert contrast(COLOURS["on-ink"][theme], COLOURS[ink][theme]) >= 4.5


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("ground", GROUNDS)
def test_the_outline_of_a_control_is_seen_on_every_ground(ground, theme):
    assert contrast(COLOURS["edge"][theme], COLOURS[ground][theme]) >= 3.5


def test_contrast_is_that_of_the_standard():
    assert round(contrast("#ffffff", "#000000"), 1) == 21.0
    assert round(contrast("#777777", "#ffffff"), 2) == 4.48


def test_all_stylesheets_come_as_one_file_inks_and_tokens_first():
    text = Path(finders.find("css/site.css")).read_text(encoding="utf-8")
    for source in (STATIC / "css").glob("*.css"):
        assert source.read_text(encoding="utf-8") in text
    first = [(STATIC / "css" / name).read_text(encoding="utf-8") for name in ("inks.css", "tokens.css")]
    assert text.startswith("\n".join(first))
    assert finders.find("css/site.css", find_all=True) == [str(staticfiles.bundle() / staticfiles.BUNDLE)]


def test_other_style_sheets_are_found_where_they_are():
    assert finders.find("css/tokens.css") == str(STATIC / "css" / "tokens.css")
    assert finders.find("css/nowhere.css") is None


def test_the_styles_of_a_page_weigh_at_most_14_kb():
    assert len(gzip.compress(Path(finders.find("css/site.css")).read_bytes())) <= 14 * 1024


@pytest.mark.parametrize("path", ["/", "/quiz/", "/guide/", "/roles/mix-mastering-engineer/checklist/", "/result/{}/"])
def test_the_scripts_of_a_page_weigh_at_most_8_kb(client, path):
    from quiz import codes
    from tests.conftest import by_id

    page = client.get(path.format(codes.build(by_id()))).text
    own = set(re.findall(r'src="/static/(js/\w+)\.[0-9a-f]+(\.js)"', page))
    assert own
    assert sum(len(gzip.compress((STATIC / "".join(name)).read_bytes())) for name in own) <= 8 * 1024


def test_the_font_is_light_and_comes_with_its_licence():
    assert (STATIC / "fonts" / "archivo-700-112.woff2").stat().st_size <= 25 * 1024
    assert "SIL Open Font License" in (STATIC / "fonts" / "OFL.txt").read_text(encoding="utf-8")


def test_the_style_guide_shows_every_colour_and_is_not_public(client):
    response = pages.styleguide(RequestFactory().get("/styleguide/"))
    page = response.render().content.decode()
    assert all(f"swatch-{name}" in page for name in COLOURS)
    assert client.get("/styleguide/").status_code == 404


def test_every_topic_and_every_kind_of_gear_has_its_icon(content):
    sprite = (STATIC / "img" / "icons.svg").read_text(encoding="utf-8")
    for id_ in [*content.topics, *(f"gear-{category}" for category in content.categories)]:
        assert f'<symbol id="{id_}"' in sprite


def test_the_manifest_names_icons_that_are_there(client):
    manifest = client.get("/site.webmanifest").json()
    for icon in manifest["icons"]:
        assert re.fullmatch(r"/static/img/icon[\w-]*\.[0-9a-f]{12}\.(svg|png)", icon["src"])


def test_django_finds_nothing_to_complain_of_in_the_finder_of_stylesheets():
    call_command("check", tags=["staticfiles"])
