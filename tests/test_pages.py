"""Every public page has its metadata, sound links and headings, sources and plain English."""

import gzip
import json
import re
from html.parser import HTMLParser
from itertools import pairwise
from urllib.parse import urldefrag, urljoin, urlsplit

import pytest
import readability
from django.test import Client

from quiz import codes, counting
from quiz.catalogue import catalogue
from quiz.counting import Counts
from tests.conftest import by_id, data

PAGES = catalogue().pages
LONG = {"/guide/", *(f"/roles/{role.slug}/" for role in catalogue().roles.values())}
OTHERS = ["/quiz/?a=1021", f"/result/{codes.build(by_id())}/", "/result/xx/", "/nope/"]
OTHERS += ["/resources/?role=mix&level=3", "/roles/studio-producer/gear/?budget=500&own=mic"]


class Reader(HTMLParser):
    """Parses ids, links, headings, JSON-LD and the text of each element with an id."""

    VOID = frozenset(
        [
            "area",
            "base",
            "br",
            "col",
            "embed",
            "hr",
            "img",
            "input",
            "link",
            "meta",
            "source",
            "track",
            "wbr",
            "path",
            "rect",
            "line",
            "circle",
            "polyline",
            "ellipse",
        ]
    )

    def __init__(self, html: str) -> None:
        super().__init__()
        self.ids: dict[str, str] = {}
        self.links: list[str] = []
        self.levels: list[int] = []
        self.json = ""
        self.prose: list[str] = []
        self._open: list[tuple[str, str | None]] = []
        self.repeated: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        id_ = given.get("id")
        if id_:
            if id_ in self.ids:
                self.repeated.append(id_)
            self.ids.setdefault(id_, "")
        if tag == "a" and given.get("href"):
            self.links.append(given["href"])
        if re.fullmatch("h[1-6]", tag):
            self.levels.append(int(tag[1]))
        if tag not in self.VOID:
            self._open.append(("json" if given.get("type") == "application/ld+json" else tag, id_))

    def handle_startendtag(self, tag, attributes):
        self.handle_starttag(tag, attributes)
        if tag not in self.VOID:
            self._open.pop()

    def handle_endtag(self, tag):
        while self._open and self._open.pop()[0] not in (tag, "json"):
            pass

    def handle_data(self, text):
        tags = {tag for tag, _ in self._open}
        if "json" in tags:
            self.json += text
        if tags & {"script", "json"}:
            return
        for _, id_ in self._open:
            if id_:
                self.ids[id_] += text
        if "main" in tags and tags & {"p", "li", "dd"} and not tags & {"nav", "svg", "form", "sup", "table", "summary"}:
            self.prose.append(text)


@pytest.fixture(scope="module")
def read():
    """Fetch and parse a page, each page once."""
    pages = {}

    def read(path):
        if path not in pages:
            response = Client().get(path)
            pages[path] = (response, Reader(response.text))
        return pages[path]

    return read


@pytest.mark.unmeasured
@pytest.mark.parametrize("path", PAGES)
def test_a_page_has_the_title_description_and_canonical_of_pages_toml(read, settings, path):
    response, _ = read(path)
    assert response.status_code == 200
    page = PAGES[path]
    head = response.text.split("</head>")[0]
    assert len(re.findall("<title>", head)) == 1
    assert f"<title>{page.title}" in head
    assert f'<meta name="description" content="{page.description}">' in head
    assert f'<link rel="canonical" href="{settings.SITE_URL}{path}">' in head
    image = re.search(r'<meta property="og:image" content="([^"]+)">', head)[1]
    assert image.startswith(f"{settings.SITE_URL}/static/img/card.")


@pytest.mark.parametrize("path", PAGES)
def test_titles_and_descriptions_are_short_enough_for_search_results(path):
    assert 10 <= len(PAGES[path].title) <= 60
    assert 70 <= len(PAGES[path].description) <= 155


@pytest.mark.unmeasured
@pytest.mark.parametrize("path", [*PAGES, *OTHERS])
def test_headings_are_in_order_under_one_h1_and_ids_are_unique(read, path):
    _, reader = read(path)
    assert reader.levels.count(1) == 1
    assert reader.levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(reader.levels))
    assert not reader.repeated


@pytest.mark.unmeasured
@pytest.mark.parametrize("path", [*PAGES, *OTHERS])
def test_no_link_and_no_fragment_is_broken(read, path):
    _, reader = read(path)
    for link in reader.links:
        if link.endswith(".png"):
            continue  # of test_results.py
        target, fragment = urldefrag(urljoin(f"http://testserver{path}", link))
        if urlsplit(target).netloc != "testserver":
            assert link.startswith(("https://", "mailto:")), link
            continue
        response, linked = read(target.removeprefix("http://testserver"))
        if response.status_code in (301, 302):
            continue
        assert response.status_code == 200 or target.endswith(path), link
        assert not fragment or fragment in linked.ids, link


@pytest.mark.unmeasured
@pytest.mark.parametrize("path", PAGES)
def test_the_json_ld_parses_and_names_the_page(read, settings, path):
    _, reader = read(path)
    entries = json.loads(reader.json)
    kinds = [entry["@type"] for entry in entries]
    assert kinds == ["WebSite" if path == "/" else "BreadcrumbList"] + ["Article"] * PAGES[path].article
    for entry in entries:
        if entry["@type"] == "BreadcrumbList":
            assert entry["itemListElement"][-1]["item"] == settings.SITE_URL + path


@pytest.mark.unmeasured
@pytest.mark.parametrize("path", PAGES)
def test_every_citation_links_to_a_source_and_every_source_is_cited(read, path):
    _, reader = read(path)
    cited = {link for link in reader.links if link.startswith("#source-")}
    assert cited == {f"#{id_}" for id_ in reader.ids if id_.startswith("source-")}


def test_every_source_has_a_title_and_a_publisher_and_no_bare_domain_for_an_address(content):
    for source in content.sources.values():
        assert source.title
        assert source.publisher
        assert not re.search(r"\b[\w-]+\.(com|net|org|co\.uk)\b", source.title), source.id
        assert not source.url or re.fullmatch(r"https://[^/]+/.+", source.url), source.id


@pytest.mark.unmeasured
@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_light(read, path):
    limit = 26 if path in LONG else 33 if path == "/questions/" else 18
    limit = 19 if path.endswith("/checklist/") else limit
    limit = 14 if path in ("/", "/quiz/", "/search/") else limit
    assert len(gzip.compress(read(path)[0].content)) <= limit * 1024


@pytest.mark.unmeasured
@pytest.mark.parametrize("path", [path for path, page in PAGES.items() if page.article])
def test_the_prose_is_plain_english(read, path):
    text = re.sub(r"\s+", " ", " ".join(read(path)[1].prose))
    sentences = [" ".join(re.findall(r"[\w’-]+", sentence)) + " ." for sentence in re.split(r"(?<=[.?!])\s", text)]
    assert len(text.split()) > 300
    assert readability.getmeasures(sentences, lang="en")["readability grades"]["FleschReadingEase"] >= 55


@pytest.mark.parametrize(
    ("path", "least", "most"),
    [
        ("/guide/", 2500, 4500),
        *((f"/roles/{role.slug}/", 1500, 3400) for role in catalogue().roles.values()),
        *((f"/guide/{name}/", 800, 1500) for name in ("headphones", "plugins")),
        *((f"/learn/{id_}/", 500, 1500) for id_ in catalogue().topics),
    ],
)
def test_a_text_has_its_planned_length(client, path, least, most):
    text = re.sub('(?s)<section class="lab".*?</section>|<svg.*?</svg>', "", client.get(path).context_data["body"])
    words = re.sub("<[^>]+>", " ", text).split()
    assert least <= len(words) <= most


@pytest.mark.parametrize("path", sorted(LONG))
def test_every_section_of_a_guide_has_something_to_do_tonight(client, path):
    body = client.get(path).context_data["body"]
    sections = re.findall(r'<section aria-labelledby="([\w-]+)">(.*?)</section>', body, re.DOTALL)
    without = {id_ for id_, text in sections if "<strong>Tonight:</strong>" not in text}
    assert without <= {"recap", "myths", "questions", "next"}


SIGNAL = ("microphone", "preamp", "DAW", "headphones", "latency", "direct monitoring")


@pytest.mark.unmeasured
@pytest.mark.parametrize(
    ("path", "drawing", "shown"),
    [
        ("/guide/", "signal", SIGNAL),
        ("/learn/daw/", "signal", SIGNAL),
        ("/guide/", "spectrum", ("Kick", "voice", "Cymbals")),
        ("/roles/mix-mastering-engineer/", "spectrum", ("Kick", "voice", "Cymbals")),
        ("/guide/", "stages", ("Idea", "Takes", "Mix", "Master")),
        ("/roles/studio-producer/", "session", ("drums", "singer", "engineer", "producer")),
    ],
)
def test_what_a_text_speaks_of_is_drawn_and_described_there(read, path, drawing, shown):
    _, reader = read(path)
    assert reader.ids[f"{drawing}-title"]
    assert all(name in reader.ids[f"{drawing}-desc"] for name in shown)


@pytest.mark.unmeasured
@pytest.mark.parametrize("path", ["/", f"/result/{codes.build(by_id())}/"])
def test_every_question_is_two_clicks_away(read, path):
    assert "/questions/" in read(path)[1].links
    anchors = set(read("/questions/")[1].links)
    assert {f"#{id_}" for id_ in catalogue().asked} <= anchors


ITEMS = data("acceptance.toml")["items"]


def test_the_acceptance_list_is_complete():
    assert [item["number"] for item in ITEMS] == list(range(1, 98))


@pytest.mark.unmeasured
@pytest.mark.parametrize("item", ITEMS, ids=lambda item: str(item["number"]))
def test_each_item_of_the_acceptance_list_is_where_the_list_says(read, item):
    _, reader = read(item["page"])
    assert not item["anchor"] or item["anchor"] in reader.ids
    if item["phrase"]:
        words = re.sub(r"\s+", " ", reader.ids[item["anchor"]])
        assert item["phrase"] in words


@pytest.mark.parametrize(
    ("path", "name"), [("/guide/", "Guide"), ("/learn/daw/", "Learn"), ("/questions/", "Questions"), ("/quiz/", "Quiz")]
)
def test_the_navigation_marks_where_one_is(client, path, name):
    header = client.get(path).text.split("</header>")[0]
    [marked] = re.findall(r'<a [^>]*aria-current="(?:page|true)"[^>]*>([^<]+)<', header)
    assert marked == name


@pytest.mark.parametrize("slug", ["bedroom-producer", "studio-producer", "mix-mastering-engineer"])
def test_every_myth_and_question_of_a_role_has_an_anchor(client, slug):
    page = client.get(f"/roles/{slug}/").text
    for section in ("myths", "questions"):
        part = re.search(rf'<section aria-labelledby="{section}">.*?</section>', page, re.DOTALL)[0]
        assert part.count("<h3 id=") == part.count("<h3") >= 4


@pytest.mark.unmeasured
@pytest.mark.parametrize("path", [*PAGES, *OTHERS])
def test_every_page_can_search(read, path):
    assert 'action="/search/"' in read(path)[0].text


def test_the_sitemap_names_every_page_and_robots_names_the_sitemap(client, settings):
    addresses = re.findall("<loc>(.+?)</loc>", client.get("/sitemap.xml").text)
    assert addresses == [settings.SITE_URL + path for path in PAGES]
    assert f"Sitemap: {settings.SITE_URL}/sitemap.xml" in client.get("/robots.txt").text


def test_favicon_ico_redirects_to_the_icon(client):
    assert "/static/img/icon." in client.get("/favicon.ico").headers["Location"]


def test_topics_link_to_their_neighbours(client):
    page = client.get("/learn/theory/").text
    assert 'rel="prev" href="/learn/daw/"' in page
    assert 'rel="next" href="/learn/sampling/"' in page
    assert 'rel="prev"' not in client.get("/learn/daw/").text
    assert 'rel="next"' not in client.get("/learn/arrangement/").text


@pytest.mark.unmeasured
@pytest.mark.parametrize("path", [path for path in PAGES if PAGES[path].article and path != "/method/"])
def test_the_contents_list_every_section_of_the_text(read, path):
    response, reader = read(path)
    for id_, _ in response.context_data["contents"]:
        assert f"#{id_}" in reader.links
        assert id_ in reader.ids
    assert response.context_data["minutes"] >= 2


class TestGear:
    URL = "/roles/mix-mastering-engineer/gear/"

    def test_money_and_owned_things_give_a_kit(self, client):
        kit = client.get(self.URL, {"budget": "$1,500", "own": ["headphones", "interface"]}).context_data["kit"]
        assert kit.budget == 1500
        assert kit.total <= 1500
        assert not {"headphones", "interface"} & {item.category for item in kit.now}

    def test_the_form_shows_what_was_entered(self, client):
        page = client.get(self.URL, {"budget": "700", "own": ["daw"]}).text
        assert 'value="700"' in page
        assert re.search(r'value="daw" checked', page)

    @pytest.mark.parametrize("budget", ["", "lots", "-5", "1e3", "²", "10.50", "9" * 30, "\x00"])
    def test_money_that_is_not_a_number_gives_the_form_with_a_message(self, client, budget):
        response = client.get(self.URL, {"budget": budget})
        assert response.status_code == 200
        assert "whole number of US dollars" in response.text
        assert "kit" not in response.context_data

    def test_an_unknown_thing_gives_the_form_again_with_a_message(self, client):
        assert "don’t recognise one of those items" in client.get(self.URL, {"budget": "5", "own": ["piano"]}).text

    def test_without_a_query_there_is_no_kit(self, client):
        response = client.get(self.URL)
        assert "Your kit" not in response.text
        assert "message" not in response.context_data

    def test_tiers_repeat_no_item(self, client, content):
        tiers = client.get(self.URL).context_data["tiers"]
        assert [option for option, _ in tiers] == list(content.questionnaire.options("budget"))
        items = [item.id for _, rows in tiers for _, item, _ in rows]
        assert len(items) == len(set(items))
        assert all(rows for _, rows in tiers)

    def test_a_tier_says_what_it_replaces(self, client):
        tiers = client.get(self.URL).context_data["tiers"]
        replaced = [(item, before) for _, rows in tiers for _, item, before in rows if before]
        assert replaced
        assert all(item.category == before.category and item.price > before.price for item, before in replaced)
        _, before = replaced[-1]
        assert f"in place of the {before.name}" in client.get(self.URL).text

    @pytest.mark.parametrize("role", ["bedroom-producer", "studio-producer", "mix-mastering-engineer"])
    def test_no_tier_buys_what_the_page_advises_against(self, client, role):
        tiers = client.get(f"/roles/{role}/gear/").context_data["tiers"]
        assert not [item.id for _, rows in tiers for _, item, _ in rows if item.skip]


class TestResources:
    def names(self, client, **query):
        return {r.id for _, kind in client.get("/resources/", query).context_data["kinds"] for r in kind}

    def test_role_and_level_filter_the_list(self, client, content):
        names = self.names(client, role="studio", level="3")
        assert names == {r.id for r in content.resources.values() if "studio" in r.roles and 3 in r.levels}
        assert names

    @pytest.mark.parametrize("query", [{}, {"role": "", "level": ""}, {"role": "x", "level": "9"}])
    def test_unknown_values_are_ignored(self, client, content, query):
        assert self.names(client, **query) == set(content.resources)


def test_the_glossary_has_at_least_90_terms_each_with_an_id(client, content):
    assert len(content.terms) >= 90
    page = client.get("/glossary/").text
    assert all(f'<div id="{id_}" data-find>' in page for id_ in content.terms)


@pytest.mark.parametrize("path", ["/learn/cooking/", "/roles/nobody/gear/", "/roles/nobody/checklist/"])
def test_a_wrong_name_is_a_404(client, path):
    assert client.get(path).status_code == 404


def test_method_has_the_figures_of_every_questionnaire(client, content):
    page = client.get("/method/").text
    for version, figures in content.figures.items():
        assert f"The figures of questionnaire {version}" in page
        for share in (*figures.shares.values(), *figures.confidence.values(), *figures.influence.values()):
            assert f"{share} %" in page


def test_method_says_how_many_found_their_result_right_when_enough_have_voted(client, monkeypatch):
    assert "people who told us" not in client.get("/method/").text
    monkeypatch.setattr(counting.shown, "counts", Counts(votes={"yes": 90, "no": 10}))
    assert re.search(r"Of 100 people who told us, 90.0 % .+95 % interval: 82.6 to 94.5 %", client.get("/method/").text)
