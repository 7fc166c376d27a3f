import pytest
from django.template import Context, Template
from django.test import RequestFactory

from quiz.templatetags import guide


@pytest.fixture
def render():
    def render(text, request=None):
        return Template("{% load guide %}" + text).render(Context({"request": request or RequestFactory().get("/")}))

    return render


def test_a_term_leads_to_its_entry_in_the_glossary(render):
    assert render('{% term "lufs" "loudness units" %}') == '<a class="term" href="/glossary/#lufs">loudness units</a>'


def test_a_source_keeps_its_number_and_the_next_one_gets_the_next(render):
    page = render('{% source "s14" %}{% source "memory" %}{% source "s14" %}')
    assert [part.split('"')[0] for part in page.split("#source-")[1:]] == ["1", "2", "1"]


def test_numbers_go_on_across_the_templates_of_one_page(render):
    request = RequestFactory().get("/")
    render('{% source "s14" %}', request)
    assert "#source-2" in render('{% source "s15" %}', request)
    assert render("{% cited %}", request).count("<li") == 2


def test_a_page_without_sources_has_no_list_of_them(render):
    assert render("{% cited %}").strip() == ""


def test_a_fact_comes_with_its_source(render, content):
    fact = content.facts["diy-uploads"]
    assert render('{% fact "diy-uploads" %}').startswith(f'{fact.text}<sup class="cite">')


def test_a_price_comes_with_its_year(render, content):
    item = content.gear["akg-k72"]
    assert render('{% price "akg-k72" %}') == f"about ${item.price} ({item.checked[:4]})"
    assert render('{% price "waveform-free" %}') == "free"
    assert render('{% gear "akg-k72" %}') == item.name


def test_a_resource_is_linked_or_says_what_it_is(render, content):
    assert render('{% resource "freesound" %}').startswith('<a href="https://freesound.org')
    assert render('{% resource "in-the-mix" %}') == "In The Mix (YouTube)"
    book = next(r for r in content.resources.values() if r.kind == "book")
    assert render(f'{{% resource "{book.id}" %}}').startswith("<cite>")
    plain = next(r for r in content.resources.values() if r.kind == "site" and not r.url)
    assert render(f'{{% resource "{plain.id}" %}}') == plain.name.replace("&", "&amp;")


def test_a_part_is_rendered_once_for_each_value_of_its_keys():
    template, seen = Template("{% load guide %}{% once key %}{{ key }}{{ other }}{% endonce %}"), []
    for key, other in ((1, "a"), (2, "b"), (1, "c"), (None, "d"), (None, "e")):
        seen.append(template.render(Context({"key": key, "other": other})))
    assert seen == ["1a", "2b", "1a", "Noned", "Noned"]


def test_named_values_are_put_into_a_part_each_time():
    template = Template("{% load guide %}{% once key with link=there %}{{ key }}: {{ link }}, {{ link }}{% endonce %}")
    seen = [
        template.render(Context({"key": key, "there": there}))
        for key, there in ((1, "a"), (1, "<b>"), (2, 3), (1, "c"))
    ]
    assert seen == ["1: a, a", "1: &lt;b&gt;, &lt;b&gt;", "2: 3, 3", "1: c, c"]


def test_a_part_inside_a_part_has_its_values_too():
    inner = "{% once with name=name %}<i>{{ name }}</i>{% endonce %}"
    template = Template(f"{{% load guide %}}{{% once with name=given %}}{{{{ name }}}}{inner}{{% endonce %}}")
    assert [template.render(Context({"given": name})) for name in "ab"] == ["a<i>a</i>", "b<i>b</i>"]


def test_each_row_is_rendered_once_for_its_value():
    template = Template("{% load guide %}{% each row in rows %}{{ row.0 }}{{ other }}{% endeach %}")
    seen = [
        template.render(Context({"rows": rows, "other": other})) for rows, other in (("ab", 1), ("bca", 2), ("", 3))
    ]
    assert seen == ["a1b1", "b1c2a1", ""]


def test_each_row_has_its_own_link_every_time():
    template = Template("{% load guide %}{% each row, link in rows %}{{ row }}: {{ link }}, {{ link }}. {% endeach %}")
    seen = [template.render(Context({"rows": rows})) for rows in ([("a", "1"), ("b", "<")], [("b", "3"), ("a", "")])]
    assert seen == ["a: 1, 1. b: &lt;, &lt;. ", "b: 3, 3. a: , . "]


@pytest.mark.parametrize("tag", ["{% once key %}{{ key }}{% endonce %}", "{% each it in keys %}{{ it }}{% endeach %}"])
def test_the_number_of_kept_parts_is_limited(monkeypatch, tag):
    monkeypatch.setattr(guide, "MOST_TEXTS", 3)
    template = Template(f"{{% load guide %}}{tag}")
    (node,) = template.nodelist.get_nodes_by_type((guide.Once, guide.Each))
    for key in range(10):
        assert template.render(Context({"key": key, "keys": [key]})) == str(key)
        assert len(node.texts) <= 3
