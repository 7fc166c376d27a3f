"""All colours of the site are those of static/css/inks.css."""

import re
from io import BytesIO

import numpy as np
import pytest
from django.conf import settings
from django.core.management import call_command
from PIL import Image, ImageChops, ImageColor, ImageStat

from quiz import cards, inks
from quiz.catalogue import catalogue
from quiz.inks import ink
from quiz.owner.management.commands import draw_icons
from quiz.result import result
from tests.conftest import data

STATIC = settings.BASE_DIR / "static"
IMAGES = STATIC / "img"
ROLES = list(catalogue().roles)
ONE_OF_EACH = {link["role"]: link["code"] for link in data("golden.toml")["links"]}
PIXELS = ["icon-192.png", "icon-512.png", "icon.ico", "card.png"]


@pytest.fixture(scope="module")
def drawn():
    return draw_icons.pictures(catalogue())


def dark(name):
    return ImageColor.getrgb(ink(name).dark)


def near(image, name):
    """How many pixels have a colour, within the steps of a picture’s palette."""
    return (np.abs(np.asarray(image, int) - dark(name)).max(axis=2) <= 4).sum()


def counts(image):
    """How many pixels each colour has."""
    return {colour: count for count, colour in image.convert("RGB").getcolors(1 << 24)}


def bars(size):
    """A point inside each role's bar of an icon, by role."""
    return {role: (int(size * (6.5 + 5.5 * number) / 24), size * 16 // 24) for number, role in enumerate(ROLES)}


class TestStyleSheet:
    def test_every_colour_of_the_file_is_read(self):
        text = inks.FILE.read_text(encoding="utf-8")
        assert len(inks.inks()) == text.count("light-dark(#") > len(ROLES)
        for name, (light, dark) in inks.inks().items():
            assert f"--{name}: light-dark({light}, {dark});" in text

    def test_every_role_has_an_ink_of_its_own(self):
        assert len({ink(role) for role in ROLES}) == len(ROLES)
        for role in ROLES:
            assert f".ink-{role} {{ --ink: var(--{role}); }}" in inks.FILE.read_text(encoding="utf-8")

    def test_an_ink_that_is_missing_is_named(self):
        with pytest.raises(inks.InkError, match=r"inks\.css has no line “--vocal: light-dark"):
            ink("vocal")

    def test_no_other_text_file_repeats_a_colour(self):
        """Except the icon, which cannot read a style sheet; it is compared below."""
        values = {value for pair in inks.inks().values() for value in pair}
        folders = [STATIC, *(settings.BASE_DIR / name for name in ("templates", "quiz", "producerguide"))]
        kinds = {".css", ".html", ".js", ".py", ".svg", ".webmanifest"}
        files = {path for folder in folders for path in folder.rglob("*") if path.suffix in kinds}
        assert inks.FILE in files
        for path in files - {inks.FILE, IMAGES / "icon.svg"}:
            used = set(re.findall(r"#[0-9a-f]{6}\b", path.read_text(encoding="utf-8").lower()))
            assert used & values == set(), path


class TestPages:
    def test_the_browsers_frame_has_the_ground_of_its_theme(self, client):
        page = client.get("/").text
        for theme in ("light", "dark"):
            colour = getattr(ink("ground"), theme)
            assert f'<meta name="theme-color" content="{colour}" media="(prefers-color-scheme: {theme})">' in page
        assert page.count('name="theme-color"') == 2

    def test_the_installed_site_opens_on_the_dark_ground(self, client):
        manifest = client.get("/site.webmanifest").json()
        assert manifest["background_color"] == manifest["theme_color"] == ink("ground").dark

    @pytest.mark.django_db
    def test_the_admin_loads_the_inks_and_then_its_own_style_sheet_which_has_no_colour(self, client):
        styles = re.findall(r'href="/static/([^"]+)\.[0-9a-f]{12}\.css"', client.get("/admin/login/").text)
        assert styles.index("css/inks") < styles.index("owner/owner")
        assert not {"css/site", "css/tokens"} & set(styles)
        own = (STATIC / "owner" / "owner.css").read_text(encoding="utf-8")
        assert re.findall(r"#[0-9a-fA-F]{3,8}\b(?!-)|\b(?:rgb|hsl|oklch|light-dark)\(", own) == []


class TestPictures:
    def test_the_icon_of_browser_tabs_is_as_it_would_be_drawn_today(self, drawn):
        text = (IMAGES / "icon.svg").read_text(encoding="utf-8")
        assert text == drawn["icon.svg"].decode()
        assert re.findall(r'(?:fill|stroke)="(#\w+)"', text) == [ink(name).dark for name in ("ground", *ROLES)]

    @pytest.mark.parametrize("name", PIXELS)
    def test_the_others_are_too_except_for_rounding(self, drawn, name):
        with Image.open(IMAGES / name) as kept, Image.open(BytesIO(drawn[name])) as new:
            assert kept.size == new.size
            difference = ImageChops.difference(kept.convert("RGBA"), new.convert("RGBA"))
        assert max(ImageStat.Stat(difference).mean) < 0.1

    @pytest.mark.parametrize("size", [192, 512])
    def test_a_large_icon_has_its_colours(self, size):
        with Image.open(IMAGES / f"icon-{size}.png") as file:
            assert file.size == (size, size)
            image = file.convert("RGB")
        assert image.getpixel((0, 0)) == image.getpixel((size // 2, size - 9)) == dark("ground")
        assert {role: image.getpixel(point) for role, point in bars(size).items()} == {
            role: dark(role) for role in ROLES
        }

    @pytest.mark.parametrize("size", draw_icons.ICO)
    def test_the_icon_of_old_browsers_has_its_colours_in_every_size(self, size):
        with Image.open(IMAGES / "icon.ico") as file:
            assert file.info["sizes"] == {(size, size) for size in draw_icons.ICO}
            file.size = (size, size)
            image = file.convert("RGBA")
        assert image.getpixel((0, 0))[3] < 255
        assert image.getpixel((size // 2, size - 1)) == (*dark("ground"), 255)
        for role, point in bars(size).items():
            assert image.getpixel(point) == (*dark(role), 255), role

    def test_the_sites_own_card_has_its_colours(self):
        with Image.open(IMAGES / "card.png") as file:
            assert file.size == draw_icons.SIZE
            image = file.convert("RGB")
        assert image.getpixel((5, 5)) == dark("ground")
        for number, role in enumerate(ROLES):
            assert image.getpixel((draw_icons.MARGIN + 18 * number + 4, 96)) == dark(role)  # the mark
            y = 450 + 56 * number
            assert image.getpixel((draw_icons.MARGIN + 5, y)) == dark(role)  # its meter
            assert image.getpixel((draw_icons.SIZE[0] - draw_icons.MARGIN - 20, y)) == dark("raised")
        assert counts(image)[dark("text")] > 10_000
        assert counts(image)[dark("muted")] > 1_000

    def test_the_command_writes_the_same_pictures_every_time(self, drawn, tmp_path):
        call_command("draw_icons", folder=tmp_path)
        assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == drawn


class TestResults:
    @pytest.mark.unmeasured
    @pytest.mark.parametrize("code", ONE_OF_EACH.values(), ids=ONE_OF_EACH.keys())
    def test_a_card_has_its_colours(self, code):
        outcome = result(code, catalogue())
        image = Image.open(BytesIO(cards.picture(outcome, catalogue(), "producers.example", cards.CARD))).convert("RGB")
        role = outcome.profile.role
        for name in ("panel", "raised", "line", "text", role):
            assert near(image, name) > 250, name
        desk = cards.CARD.desk
        assert image.getpixel((5, 5)) == pytest.approx(dark("panel"), abs=3)
        assert image.getpixel((5, desk + 20)) == pytest.approx(dark("raised"), abs=3)
        assert near(image.crop((0, 0, 600, 100)), role) > 250  # its name

    def test_a_qr_code_is_drawn_in_the_dark_ground(self):
        drawing = cards.qr("https://producers.example/").decode()
        assert set(re.findall(r"#[0-9a-f]{3,6}\b", drawing)) == {"#fff", ink("ground").dark}
