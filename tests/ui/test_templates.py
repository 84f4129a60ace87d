"""No template of ours holds what the Content Security Policy refuses, and none ends in a wall."""

import re
from pathlib import Path

import pytest
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.urls import reverse
from django.utils import translation

import stile.ui

ROOT = Path(stile.ui.__file__).parent / "templates"
TEMPLATES = sorted(ROOT.rglob("*.html"))
ERRORS = ("400.html", "403.html", "404.html", "500.html", "ui/error_offline.html")


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_nothing_the_policy_refuses(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"<style\b", text)
    assert not re.search(r"\sstyle\s*=", text)
    assert not re.search(r"<[^>]*\son[a-z]+\s*=", text)
    assert not re.search(r"<script\b(?![^>]*\ssrc=)", text)
    assert "javascript:" not in text
    assert not re.search(r"\|safe\b|autoescape off", text)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_every_word_can_be_translated(path: Path) -> None:
    """What is left of a template without its tags, comments and markup is no sentence."""
    text = re.sub(r"\{% comment %\}.*?\{% endcomment %\}", "", path.read_text(encoding="utf-8"), flags=re.S)
    text = re.sub(r"\{% blocktranslate.*?\{% endblocktranslate %\}", "", text, flags=re.S)
    text = re.sub(r"\{% block body_class %\}.*?\{% endblock %\}", "", text)
    text = re.sub(r"\{%.*?%\}|\{\{.*?\}\}|<kbd>.*?</kbd>|<text.*?</text>", "", text, flags=re.S)
    words = re.findall(r"[A-Za-z]{2,}", re.sub(r"<[^>]*>", " ", text))
    assert words == []


@pytest.mark.parametrize("name", ERRORS)
def test_an_error_page_leads_on(name: str) -> None:
    page = render_to_string(name)
    main = page[page.index("<main") : page.index("</main>")]
    for address in ("/", reverse("talk"), reverse("help-now")):
        assert f'href="{address}"' in main
    assert page.count(reverse("help-now")) == 2  # the strip, and the way on


@pytest.mark.parametrize("name", [*ERRORS, "ui/base.html", "ui/staff_base.html"])
def test_help_now_stands_first_on_every_page(name: str) -> None:
    page = render_to_string(name)
    assert page.index('class="skip"') < page.index('class="help-strip"') < page.index("<header")
    assert "Need help now?" in page
    assert "Talk to someone today." in page
    assert "<title>Local things to do</title>" in page


def test_hidden_and_missing_read_alike() -> None:
    assert render_to_string("403.html") == render_to_string("404.html")


def test_the_page_says_its_language_and_offers_the_other() -> None:
    context = {"other_language_url": "/cy/x/?a=1&b=2", "other_language_name": "Cymraeg"}
    page = render_to_string("ui/base.html", context)
    assert '<html lang="en-gb">' in page
    assert re.search(r'href="/cy/x/\?a=1&amp;b=2"[^>]* lang="cy" hreflang="cy">Cymraeg<', page)
    with translation.override("cy"):
        page = render_to_string(
            "ui/base.html", {"other_language_url": "/x/", "other_language_name": "English"}
        )
    assert '<html lang="cy">' in page
    assert re.search(r'lang="en" hreflang="en">English<', page)
    assert 'class="mark" href="/cy/"' in page


def test_the_demo_says_so() -> None:
    assert "Nobody here is real." in render_to_string("ui/base.html", {"demo": True})
    assert "Nobody here is real." not in render_to_string("ui/base.html", {"demo": False})


def test_a_page_loads_nothing_from_elsewhere() -> None:
    from stile.ui.views import gallery

    page = gallery(RequestFactory().get("/design/")).content.decode()
    loaded = re.findall(r'<(?:script|img|link|use|iframe)\b[^>]*?(?:src|href)="([^"]+)"', page)
    assert len(loaded) > 100
    assert [address for address in loaded if not address.startswith("/")] == []
