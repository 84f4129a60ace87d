"""The tags of `{% load ui %}`: what they write, and what they refuse."""

from typing import Any

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template import Context, Template, TemplateSyntaxError
from django.test import RequestFactory

from stile.ui.forms import GalleryForm
from stile.ui.views import FULL_CARD, gallery


def show(source: str, **context: Any) -> str:
    return Template("{% load ui i18n %}" + source).render(Context(context))


def test_a_button_is_a_button_and_escapes_its_words() -> None:
    html = show('{% button words "main" "way" name="go" hx_get=url %}', words="<b>Go</b>", url="/x?a=1&b=2")
    assert html.startswith('<button class="btn btn-main" type="submit" name="go" hx-get="/x?a=1&amp;b=2">')
    assert "&lt;b&gt;Go&lt;/b&gt;" in html
    assert "<b>" not in html


@pytest.mark.parametrize("attribute", ["style", "onclick", "onmouseover"])
def test_attributes_the_policy_refuses_are_refused_here(attribute: str) -> None:
    with pytest.raises(TemplateSyntaxError, match="Content Security Policy"):
        show(f'{{% button "Go" {attribute}="x" %}}')


@pytest.mark.parametrize(
    "source",
    ['{% button "x" "enormous" %}', '{% badge "x" "danger" %}', '{% emblem "drawing" "huge" %}',
     '{% inset "red" %}x{% endinset %}', '{% care_card "minor" "x" %}x{% endcare_card %}'],
)  # fmt: skip
def test_a_look_that_is_not_in_the_language_is_refused(source: str) -> None:
    with pytest.raises(TemplateSyntaxError):
        show(source)


def test_a_disabled_button_cannot_be_pressed() -> None:
    assert " disabled>" in show('{% button "Full" off=True %}')


def test_an_emblem_is_decoration_unless_it_is_named() -> None:
    assert 'aria-hidden="true"' in show('{% emblem "climbing" %}')
    named = show('{% emblem "climbing" words="Climbing" %}')
    assert 'role="img" aria-label="Climbing"' in named
    assert "aria-hidden" not in named
    assert "#kind-climbing" in named


def test_a_field_ties_label_hint_and_error_together() -> None:
    form = GalleryForm(data={"town": "Sale"}, auto_id="id-%s")
    html = show("{% field form.name %}", form=form)
    assert '<label for="id-name">' in html
    assert 'id="id-name_helptext"' in html
    assert 'id="id-name_error"' in html
    assert 'aria-describedby="id-name_helptext id-name_error"' in html
    assert 'aria-invalid="true"' in html


def test_what_was_typed_stays() -> None:
    form = GalleryForm(data={"town": "Sale <3", "needs": ["quiet"], "day": "someday", "words": "hello"})
    html = show("{% field form.town %}{% field form.needs %}{% field form.words %}", form=form)
    assert 'value="Sale &lt;3"' in html
    assert html.count(" checked") == 1
    assert ">\nhello</textarea>" in html


def test_choices_become_chips_that_are_real_inputs() -> None:
    html = show("{% field form.needs %}{% field form.day %}", form=GalleryForm())
    assert html.count('<input type="checkbox"') == 4
    assert html.count('<input type="radio"') == 3
    assert html.count("<fieldset") == html.count("<legend") == 2
    assert html.count('class="chip"') == 7
    assert "checked" not in html  # nothing is chosen for anybody


def test_optional_fields_say_they_can_be_skipped() -> None:
    form = GalleryForm()
    assert "(skip if you like)" in show("{% field form.town %}", form=form)
    assert "(skip if you like)" not in show("{% field form.name %}", form=form)


def test_a_long_text_is_kept_only_where_asked() -> None:
    assert "data-keep" not in show("{% field form.words %}", form=GalleryForm())
    assert 'data-keep="words"' in show("{% field form.words keep=True %}", form=GalleryForm())


def test_the_error_summary_links_to_each_field() -> None:
    class Both(GalleryForm):
        def clean(self) -> None:
            raise forms.ValidationError("These two don’t fit together.")

    form = Both(data={}, auto_id="id-%s")
    html = show("{% error_summary form %}", form=form)
    assert 'href="#id-name"' in html
    assert 'href="#id-day"' in html
    assert "These two don’t fit together." in html
    assert 'role="alert"' in html
    assert "data-focus" in html
    assert (
        show("{% error_summary form %}", form=GalleryForm(data={"name": "Jo", "day": "today"})).strip() == ""
    )


def test_chips_without_a_form() -> None:
    choices = [("a", "A & B"), ("b", "Other")]
    html = show('{% chips "need" "What?" choices chosen=on %}', choices=choices, on=["b"])
    assert 'value="b" checked' in html
    assert 'value="a">' in html
    assert "A &amp; B" in html
    radio = show('{% chips "need" "What?" choices many=False error="Choose one." %}', choices=choices)
    assert radio.count('type="radio"') == 2
    assert 'aria-describedby="need-hint"' in radio


def test_an_activity_card_shows_what_it_has_and_no_more() -> None:
    full = show("{% activity_card card %}", card=FULL_CARD)
    for words in (
        "Sketch and natter",
        "Free",
        "Because you said drawing",
        "Last checked 3 days ago",
        "3 places",
    ):
        assert words in full
    bare = show("{% activity_card card %}", card={"name": "Club", "url": "/x/"})
    assert "None" not in bare
    assert "#kind-other" in bare
    assert "data-star" not in bare  # without an id there is nothing to keep


def test_an_activity_card_takes_objects_too() -> None:
    class Row:
        id, name, url, kind = "7", "<Club>", "/go/7/", "dance"
        badges = ("No sign-up", ("Parent form: we don’t know yet", "unknown"))

    html = show("{% activity_card card heading='h2' %}", card=Row())
    assert '<h2 class="act-name"><a href="/go/7/">&lt;Club&gt;</a></h2>' in html
    assert "badge-unknown" in html
    assert 'data-star="7"' in html


def test_unknown_is_said_in_words() -> None:
    html = show("{% facts rows %}", rows=[("Noise", "Quiet"), ("Last bus", None), ("Stairs", "No")])
    assert html.count("We don’t know yet") == 1


def test_steps_say_where_one_is() -> None:
    html = show("{% steps names 2 %}", names=["One", "Two", "Three"])
    assert html.count('aria-current="step"') == 1
    assert html.index("One") < html.index('aria-current="step"') < html.index("Two")
    assert 'aria-label="Step 2 of 3"' in html


def test_a_pager_keeps_the_rest_of_the_address() -> None:
    page = Paginator(range(30), 10).page(2)
    request = RequestFactory().get("/find/?q=drawing+%26+animals&page=2&need=free&need=quiet")
    html = show("{% pager page %}", page=page, request=request)
    assert 'href="?q=drawing+%26+animals&amp;page=1&amp;need=free&amp;need=quiet"' in html
    assert "page=3" in html
    assert show("{% pager page %}", page=Paginator(range(3), 10).page(1)).strip() == ""


def test_a_table_has_heads_a_screen_reader_can_use() -> None:
    html = show("{% data_table caption columns rows %}", caption="Week", columns=["Day", ("Places", "num")],
                rows=[("Monday", 3)])  # fmt: skip
    assert "<caption>Week</caption>" in html
    assert '<th scope="col" class="num">Places</th>' in html
    assert '<th scope="row">Monday</th><td class="num">3</td>' in html


def test_holding_tags_hold_their_content_once() -> None:
    assert show('{% inset "people" %}<p>{{ words }}</p>{% endinset %}', words="<i>") == (
        '<div class="inset inset-people"><p>&lt;i&gt;</p></div>'
    )
    care = show('{% care_card "emergency" "Call 999" %}<p>x</p>{% endcare_card %}')
    assert "Get help right now" in care
    assert "<details open><summary>Q</summary><div>A</div></details>" in show(
        '{% more "Q" open=True %}A{% endmore %}'
    )


def test_leaving_is_an_ordinary_link(settings: Any) -> None:
    settings.QUICK_EXIT_URL = "https://example.org/weather"
    html = show("{% quick_exit %}")
    assert 'href="https://example.org/weather"' in html
    assert 'rel="nofollow noreferrer"' in html


def test_the_gallery_shows_every_part() -> None:
    page = gallery(RequestFactory().get("/design/")).content.decode()
    for part in ("btn-main", "choices", 'class="chip"', "errorlist", "mend", "tiles", "act-card", "badge-unknown",
                 "inset-people", "care-emergency", "care-urgent", "<details", "empty", "pager", "sticky-head", "steps",
                 "walk", "toast", "map-pane", "facts", "star", "data-exit", "hero"):  # fmt: skip
        assert part in page, part
    assert page.count('data-scheme="light"') == page.count('data-scheme="dark"') >= 15
    assert gallery.gate[0] == "public"  # type: ignore[attr-defined]
