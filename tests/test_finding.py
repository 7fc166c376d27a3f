"""The search page: what people type finds the right place first, and nothing that they type is kept."""

import re

import pytest

from producerguide.finding import Sections, entries, index

PHRASES = {
    "mix sounds bad in the car": "/questions/#car",
    "will ai replace music producers": "/questions/#ai-job",
    "is music production school worth it": "/questions/#school",
    "am i too old to start music production": "/questions/#too-old",
    "make beats on phone": "/questions/#phone",
    "fl studio or ableton": "/questions/#which-daw",
    "what daw should i use": "/questions/#which-daw",
    "audio crackling": ("/questions/#laptop-stutters", "/questions/#vocal-late"),
    "delay when recording vocals": "/questions/#vocal-late",
    "is using loops cheating": "/questions/#loops-cheating",
    "how long to get good at producing": "/questions/#how-long",
    "how much to charge for mixing": "/questions/#charge-mix",
    "should i work for free": "/questions/#work-free",
    "how to get motivated": "/questions/#motivation",
    "no motivation to make music": "/questions/#motivation",
    "imposter syndrome": "/questions/#everyone-better",
    "should i give up": "/questions/#give-up",
    "writer's block": "/questions/#no-ideas",
    "i can't finish songs": "/questions/#perfectionism",
    "stuck in 8 bar loop": ("/questions/#perfectionism", "/guide/#stuck"),
    "why is my music so quiet": "/questions/#quiet-master",
    "lufs spotify": "/questions/#minus-14",
    "muddy mix": "/questions/#muddy",
    "808 and kick clash": "/questions/#808",
    "distorted recording": "/questions/#clipping",
    "no sound in daw": "/questions/#no-sound",
    "vocals out of time": "/questions/#out-of-time",
    "record vocals at home": ("/questions/#record-voice", "/questions/#sing-500"),
    "autotune": ("/glossary/#auto-tune", "/questions/#auto-tune"),
    "harsh s sounds": ("/questions/#esses", "/glossary/#de-esser"),
    "44.1 or 48": "/questions/#sample-rate",
    "do i need music theory": "/questions/#no-theory",
    "tutorial hell": "/questions/#tutorials",
    "ear training": ("/questions/#ear-training", "/roles/mix-mastering-engineer/#barrier"),
    "practice multitracks": "/questions/#practice-songs",
    "tinnitus": ("/glossary/#tinnitus", "/questions/#hearing"),
    "no money for gear": "/questions/#broke",
    "can you make a living producing music": "/questions/#living",
    "find clients": "/questions/#first-clients",
    "sell beats": "/questions/#sell-beats",
    "do i pay tax": "/questions/#tax",
    "client doesn't pay": "/questions/#not-paying",
    "internship at a studio": ("/questions/#internship", "/questions/#left-internship"),
    "female producers": "/questions/#women",
    "find a singer": "/questions/#find-singer",
    "honest feedback on my track": "/questions/#feedback",
    "nobody listens to my music": ("/questions/#get-heard", "/questions/#nobody-played"),
    "distrokid": ("/questions/#distributor", "/glossary/#distributor"),
    "landr": "/questions/#master-myself",
    "vinyl": ("/questions/#vinyl", "/roles/mix-mastering-engineer/#formats"),
    "dolby atmos": ("/glossary/#dolby-atmos", "/questions/#atmos"),
    "suno": "/questions/#suno",
    "release ai music": "/questions/#ai-release",
    "is it legal to sample a song": "/questions/#sampled",
    "who owns the song": ("/questions/#who-owns", "/roles/studio-producer/#rights"),
    "copyright my song": "/questions/#register",
    "can i release a cover": ("/questions/#cover-song", "/glossary/#cover-song"),
    "producer points": ("/questions/#points-what", "/glossary/#points"),
    "do i have to dj": "/questions/#dj",
    "beat maker or producer": "/questions/#beatmaker",
    "best mic under 200": "/questions/#mic-under-200",
    "mixing on headphones": "/questions/#headphones-only",
    "airpods": "/questions/#bluetooth",
    "soundproof my room": "/questions/#soundproof",
    "compresor": "/glossary/#compressor",
    "equalizr": "/glossary/#equaliser",
    "midi keybord": ("/questions/#need-keyboard", "/glossary/#midi-keyboard"),
}


def first(query):
    found = index().find(query)
    return found[0][1][0].url if found else ""


@pytest.mark.parametrize("query", PHRASES)
def test_what_people_type_finds_the_right_place_first(query):
    right = PHRASES[query]
    assert first(query) in ((right,) if isinstance(right, str) else right)


def test_every_kind_of_thing_can_be_found(client):
    for query, name in (
        ("sidechain", "Words"),
        ("headphones", "Gear"),
        ("limiter", "In the ten topics"),
        ("session", "In the guides"),
    ):
        assert f"<h2>{name}</h2>" in client.get("/search/", {"q": query}).text
    assert "<mark>" in client.get("/search/", {"q": "limiter"}).text


def test_every_hit_leads_to_a_place_that_is_there(client):
    urls = {hit.url for query in PHRASES for _, hits in index().find(query) for hit in hits}
    pages = {url.partition("#")[0] for url in urls}
    text = {page: client.get(page).text for page in pages}
    for url in urls:
        page, _, anchor = url.partition("#")
        assert not anchor or f'id="{anchor}"' in text[page], url


@pytest.mark.parametrize(
    "query", ["", " ", "x" * 5000, "'; DROP TABLE entries; --", '"mix" NEAR(', "😀😀", "\x00mix", "<b>mix</b>"]
)
def test_any_input_gives_a_plain_page(client, query):
    response = client.get("/search/", {"q": query})
    assert response.status_code == 200
    assert "<b>mix" not in response.text
    assert len(response.content) < 40_000


def test_htmx_gets_the_hits_alone(client):
    part = client.get("/search/", {"q": "mic"}, headers={"HX-Request": "true"}).text
    assert "<h2>" in part
    assert "<html" not in part


def test_neither_caches_nor_search_engines_keep_what_is_looked_for(client):
    response = client.get("/search/", {"q": "secret words"})
    assert "private" in response.headers["Cache-Control"]
    assert "s-maxage" not in response.headers["Cache-Control"]
    assert '<meta name="robots" content="noindex">' in response.text
    assert "s-maxage" in client.get("/search/").headers["Cache-Control"]


def test_sections_are_cut_at_headings_with_an_id_and_leave_out_forms_and_drawings():
    html = "<nav><h2 id=a>No</h2></nav><main><h1>Top</h1><p>One</p><svg><title>no</title></svg><h2 id=b>Two <em>more</em></h2><form>no</form><p>Text</p><h3>Small</h3></main><p>after</p>"
    assert Sections(html).parts == [("", "", "Top One"), ("b", "Two more", "Text Small")]


def test_a_word_that_is_a_link_stays_with_what_follows_it_and_paragraphs_apart():
    html = "<main><p>The <a href=x>release</a>, a <em>short</em> one.</p><ul><li>Gate</li><li>Shuts</li></ul></main>"
    assert Sections(html).parts == [("", "", "The release, a short one. Gate Shuts")]


def test_the_cells_of_a_table_and_the_words_of_a_list_stand_apart():
    table = "<table><tr><th>Vital</th><td>Synth</td><td></td></tr><tr><th>SPAN</th><td>Meter</td></tr></table>"
    words = "<dl><dt>Gate</dt><dd>Shuts when it is quiet.</dd></dl>"
    assert Sections(f"<main>{table}{words}</main>").parts == [
        ("", "", "Vital · Synth · SPAN · Meter · Gate · Shuts when it is quiet.")
    ]


def test_what_is_found_reads_as_the_page_does_without_the_numbers_of_its_sources(content):
    texts = [entry.text for entry in entries(content)]
    assert not [text for text in texts if re.search(r" [.,;!?](?!\w)", text)]
    assert "4 to 8 hours of careful listening, broken up by rests." in " ".join(texts)
