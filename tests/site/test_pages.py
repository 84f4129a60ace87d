"""What every answer carries, in both languages, and what becomes of a form from elsewhere."""

import logging

import pytest
from django.test import Client, RequestFactory
from django.utils import translation

from stile.site import urls, views
from stile.site.logs import WithoutQuery

PAGES = ["/", "/find/", "/where/", "/kept/", "/desk/", "/help-now/", "/talk/", "/privacy/", "/accessibility/"]


@pytest.mark.django_db
@pytest.mark.parametrize("address", [*PAGES, "/about-the-data/", "/nowhere/"])
def test_every_answer_is_closed_to_other_origins(client: Client, address: str) -> None:
    response = client.get(address)
    assert response.headers["Content-Security-Policy"].startswith("default-src 'self'")
    assert response.headers["Referrer-Policy"] == "same-origin"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "Set-Cookie" not in response.headers


@pytest.mark.django_db
@pytest.mark.parametrize("address", [*PAGES, "/about-the-data/", "/nowhere/"])
def test_help_now_stands_in_the_same_place_on_every_page(client: Client, address: str) -> None:
    page = client.get(address).content.decode()
    strip = page.index('class="help-strip"')
    assert 'href="/help-now/"' in page[strip : strip + 400]
    assert page.index("<body") < strip < page.index("<header")


@pytest.mark.django_db
@pytest.mark.parametrize("address", PAGES)
def test_the_same_page_stands_in_welsh_one_link_away(client: Client, address: str) -> None:
    english = client.get(address).content.decode()
    assert f'href="/cy{address}"' in english
    welsh = client.get(f"/cy{address}")
    assert welsh.status_code == 200
    assert '<html lang="cy">' in welsh.content.decode()
    assert f'href="{address}"' in welsh.content.decode()


@pytest.mark.django_db
def test_a_search_keeps_its_words_when_the_language_changes(client: Client) -> None:
    page = client.get("/find/", {"q": "drawing", "near": "M33"}).content.decode()
    assert 'href="/cy/find/?q=drawing&amp;near=M33"' in page


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("headers", "taken"),
    [
        ({"Sec-Fetch-Site": "same-origin"}, True),
        ({"Sec-Fetch-Site": "cross-site"}, False),
        ({"Sec-Fetch-Site": "same-site"}, False),
        ({"Origin": "http://testserver"}, True),
        ({"Origin": "https://elsewhere.example"}, False),
        ({"Origin": "null"}, False),
        ({}, False),
    ],
)
def test_forms_are_taken_from_our_own_pages_only(
    client: Client, headers: dict[str, str], taken: bool
) -> None:
    answer = client.post("/talk/", headers=headers)
    assert (answer.status_code != 403) is taken


@pytest.mark.django_db
def test_a_missing_page_leads_on(client: Client) -> None:
    response = client.get("/no/such/page/")
    page = response.content.decode()
    assert response.status_code == 404
    for way_on in ('href="/"', 'href="/talk/"', 'href="/help-now/"'):
        assert way_on in page


def test_logs_keep_no_search_words() -> None:
    record = logging.LogRecord(
        "django.request", logging.WARNING, "", 1, "Not Found: %s", ("/find/?q=lonely&near=M33",), None
    )
    record.request = object()
    assert WithoutQuery().filter(record)
    assert record.getMessage() == "Not Found: /find/?..."
    assert not hasattr(record, "request")


@pytest.mark.parametrize("language", ["en-gb", "cy"])
@pytest.mark.parametrize(
    ("handler", "status"),
    [("bad_request", 400), ("not_found", 404), ("broken", 500)],
)
def test_every_error_page_holds_the_way_to_help_and_a_way_on(
    handler: str, status: int, language: str
) -> None:
    """Without a database: it may be what is broken. A refused page (403) is answered by `not_found`."""
    request = RequestFactory().get("/cy/somewhere/" if language == "cy" else "/somewhere/")
    with translation.override(language):
        answer = getattr(views, handler)(request)
    page = answer.content.decode()
    assert answer.status_code == status
    front = "/cy" if language == "cy" else ""
    strip = page.index('class="help-strip"')
    assert f'href="{front}/help-now/"' in page[strip : strip + 400]
    main = page[page.index("<main") :]
    for way in ("/talk/", "/help-now/", "/"):
        assert f'href="{front}{way}"' in main


def test_errors_are_handed_to_those_pages() -> None:
    assert urls.handler400 == "stile.site.views.bad_request"
    assert urls.handler403 == urls.handler404 == "stile.site.views.not_found"
    assert urls.handler500 == "stile.site.views.broken"


@pytest.mark.django_db
def test_pages_go_out_packed(client: Client) -> None:
    packed = client.get("/", headers={"accept-encoding": "gzip"})
    assert packed["Content-Encoding"] == "gzip"
    assert len(packed.content) < len(client.get("/").content) / 2
