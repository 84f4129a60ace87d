"""Words out of HTML: other people's descriptions come as pages, ours are plain text."""

import html
import re

import nh3

_MARKUP = re.compile(r"<[a-zA-Z!/?]|&(?:[a-zA-Z][a-zA-Z0-9]{1,30}|#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6});")
_KEPT = {
    "p",
    "br",
    "li",
    "ul",
    "ol",
    "div",
    "tr",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "td",
    "th",
    "blockquote",
}
_BREAK = re.compile(r"</?(?:p|div|ul|ol|tr|h[1-6]|blockquote)(?:\s[^>]*)?>|<br\s*/?>")
_ITEM = re.compile(r"<li(?:\s[^>]*)?>")
_CELL = re.compile(r"</t[dh]>")
_TAG = re.compile(r"<[^>]*>")


def has_markup(text: str) -> bool:
    return _MARKUP.search(text) is not None


def plain_text(text: str) -> str:
    """Readable lines: paragraphs and breaks become new lines, items of a list "- ", scripts nothing.

    Text without markup comes back exactly as it is.
    """
    if not has_markup(text):
        return text
    clean = nh3.clean(text, tags=_KEPT, attributes={}, clean_content_tags={"script", "style", "title"})
    lined = _CELL.sub(" ", _ITEM.sub("\n- ", _BREAK.sub("\n", clean.replace("\n", " "))))
    if "\n" in text and not _BREAK.search(clean) and not _ITEM.search(clean):
        lined = clean  # its own line ends were meant
    words = html.unescape(_TAG.sub("", lined)).replace("\xa0", " ")
    lines = [re.sub(r"[ \t\r\f\v]+", " ", line).strip() for line in words.split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def as_markup(text: str) -> str:
    """A text which `plain_text` would read as markup, escaped so that it reads as itself."""
    return html.escape(text, quote=False) if has_markup(text) else text
