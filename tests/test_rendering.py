import gc
import weakref

import pytest
from django.template import loader
from django.test import RequestFactory


class Named:
    def __str__(self):
        return "somebody"


@pytest.mark.parametrize("request_", [None, RequestFactory().get("/")], ids=["without a request", "with one"])
def test_a_page_leaves_nothing_for_the_garbage_collector(settings, tmp_path, request_):
    (tmp_path / "hello.html").write_text("Hello {{ whom }}", encoding="ascii")
    settings.TEMPLATES = [settings.TEMPLATES[0] | {"DIRS": [tmp_path]}]
    whom = Named()
    left = weakref.ref(whom)
    gc.disable()
    try:
        assert loader.get_template("hello.html").render({"whom": whom}, request_) == "Hello somebody"
        del whom
        assert left() is None
    finally:
        gc.enable()
