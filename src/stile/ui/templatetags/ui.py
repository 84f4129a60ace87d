"""Components: `{% load ui %}`. docs/how-to/developer-ui.md lists them with examples; the gallery shows them.

Tags that hold other content come in pairs (`{% inset %}...{% endinset %}`). Extra keyword arguments become
HTML attributes, an underscore standing for a hyphen: `hx_get=url` gives `hx-get`. Nothing here emits style,
script or event-handler attributes, because the Content Security Policy would refuse them.
"""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from django import template
from django.conf import settings
from django.forms import BoundField, Form
from django.http import QueryDict
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from stile.ui.sprites import Drawing, drawings, emblem_of, scene_of

register = template.Library()

BUTTONS = {"main": "btn btn-main", "quiet": "btn", "plain": "btn btn-plain", "small": "btn btn-small"}
WORDS = (str, Promise)  # a translated string is either
EXIT_URL = "https://www.bbc.co.uk/weather"


def attributes(values: Mapping[str, Any]) -> SafeString:
    """HTML attributes with a leading space each; True is a bare attribute, None and False leave it out."""
    out: list[tuple[str, Any]] = []
    bare: list[tuple[str]] = []
    for key, value in values.items():
        name = key.rstrip("_").replace("_", "-")
        if name == "style" or name.startswith("on"):
            raise template.TemplateSyntaxError(
                f"{name} attributes are refused by the Content Security Policy"
            )
        if value is True:
            bare.append((name,))
        elif value is not None and value is not False:
            out.append((name, value))
    return format_html_join("", ' {}="{}"', out) + format_html_join("", " {}", bare)


def one_of(value: str, allowed: Iterable[str], what: str) -> str:
    choices = list(allowed)
    if value not in choices:
        raise template.TemplateSyntaxError(f"{what} is {value!r}; it can be {', '.join(choices)}")
    return value


# ---------------------------------------------------------------- pictures


@cache
def picture(sprite: str, drawing: Drawing, css: str, words: str = "") -> SafeString:
    """An SVG that draws one symbol. With `words` it is an image with that name; without, it is decoration.

    Each is made once a process: a list of cards shows the same few dozens of times over.
    """
    naming = format_html('role="img" aria-label="{}"', words) if words else mark_safe('aria-hidden="true"')
    fit = format_html(' preserveAspectRatio="{}"', drawing.fit) if drawing.fit else ""
    width, height = f"{drawing.width:g}", f"{drawing.height:g}"
    return format_html(
        '<svg class="{}" viewBox="0 0 {} {}" width="{}" height="{}"{} focusable="false" {}>'
        '<use href="{}#{}"/></svg>',
        css, width, height, width, height, fit, naming, static(f"ui/{sprite}.svg"), drawing.name,
    )  # fmt: skip


@register.simple_tag
def icon(name: str, css: str = "icon") -> SafeString:
    """A small sign beside words, never instead of them: arrow, clock, place, coin, star, print, share ..."""
    return picture("icons", drawings("icons")[f"icon-{name}"], css)


@register.simple_tag
def way() -> SafeString:
    """The waymark arrow on its disc: this leads on."""
    return icon("arrow", "icon way")


@register.simple_tag
def emblem(kind: str, size: str = "", words: str = "") -> SafeString:
    """The emblem of a kind of activity on its waymark disc. `size`: '' (56 px), 'small' or 'big'.

    The kind's name belongs in the text beside it; give `words` only where no text says it.
    """
    drawing = emblem_of(kind)
    disc = f"disc ground-{drawing.ground}" + (
        f" disc-{one_of(size, ('small', 'big'), 'size')}" if size else ""
    )
    return format_html('<span class="{}">{}</span>', disc, picture("emblems", drawing, "emblem", words))


@register.simple_tag
def scene(name: str, alt: str = "", css: str = "scene") -> SafeString:
    """A picture: 'hero', 'tile-make' ... 'tile-surprise', 'gate', 'bench' ... No `alt` means decoration."""
    sprite, drawing = scene_of(name)
    return picture(sprite, drawing, css, alt)


# ---------------------------------------------------------------- actions


@register.simple_tag
def button(
    words: str, kind: str = "quiet", icon_name: str = "", type: str = "submit", **attrs: Any
) -> SafeString:
    """A real <button>. `kind`: main (one a page), quiet, plain or small. `off=True`: say why beside it."""
    css = BUTTONS[one_of(kind, BUTTONS, "kind")] + (f" {attrs.pop('class')}" if attrs.get("class") else "")
    if attrs.pop("off", False):
        attrs["disabled"] = True
    sign = icon(icon_name) if icon_name and icon_name != "way" else ""
    end = way() if icon_name == "way" else ""
    return format_html(
        '<button class="{}" type="{}"{}>{}<span>{}</span>{}</button>',
        css,
        type,
        attributes(attrs),
        sign,
        words,
        end,
    )


@register.simple_tag
def link_button(url: str, words: str, kind: str = "quiet", icon_name: str = "", **attrs: Any) -> SafeString:
    """A link that looks like a button: it goes somewhere, changes nothing. `icon_name='way'`: arrow last."""
    css = BUTTONS[one_of(kind, BUTTONS, "kind")] + (f" {attrs.pop('class')}" if attrs.get("class") else "")
    sign = icon(icon_name) if icon_name and icon_name != "way" else ""
    end = way() if icon_name == "way" else ""
    return format_html(
        '<a class="{}" href="{}"{}>{}<span>{}</span>{}</a>', css, url, attributes(attrs), sign, words, end
    )


@register.inclusion_tag("ui/parts/star.html")
def star(id: str, name: str, url: str, when: str = "", town: str = "", address: str = "") -> dict[str, Any]:
    """Keep on this device, or let go. `id` and `url` are the activity's. Hidden where no script runs.

    `when` and where go with it into the list, to be printed: an `address` before a `town`.
    """
    return {"id": id, "name": name, "url": url, "when": when, "town": town, "address": address}


@register.inclusion_tag("ui/parts/shortlist_link.html")
def shortlist_link(url: str, here: bool = False) -> dict[str, Any]:
    """The header link to the list kept on this device; a script fills in how many are on it."""
    return {"url": url, "here": here}


@register.inclusion_tag("ui/parts/share.html")
def share_buttons(url: str, title: str, printing: bool = True) -> dict[str, Any]:
    """Copy the link, the device's own share sheet, print. The address also stands there as a plain link."""
    return {"url": url, "title": title, "printing": printing}


@register.inclusion_tag("ui/parts/quick_exit.html")
def quick_exit() -> dict[str, str]:
    """'Leave this page': an ordinary link; a script adds Shift three times and swaps the history entry.
    Only on pages whose presence could put someone at risk, and only after it has been explained."""
    return {"url": getattr(settings, "QUICK_EXIT_URL", EXIT_URL)}


# ---------------------------------------------------------------- asking


@register.inclusion_tag("ui/parts/field.html")
def field(bound: BoundField, why: str = "", short: bool = False, keep: bool = False) -> dict[str, Any]:
    """A form field with its label, hint and errors tied together for screen readers. Choices become chips.

    `why` says why it is asked and who sees it; `short` narrows the box; `keep` lets the device remember a
    long text until it is sent (this visit only).
    """
    if keep:
        bound.field.widget.attrs.setdefault("data-keep", bound.html_name)
    kinds = {"CheckboxSelectMultiple": "chips", "RadioSelect": "chips", "CheckboxInput": "tick"}
    kind = kinds.get(type(bound.field.widget).__name__, "plain")
    return {
        "field": bound, "why": why, "short": short, "kind": kind,
        "chips": _chips_of(bound) if kind == "chips" else "",
    }  # fmt: skip


def _chips_of(bound: BoundField) -> SafeString:
    """A choice a chip, drawn here: a template for each of a page's dozens is most of its time."""
    return format_html_join(
        "\n",
        '<label class="chip" for="{0}"><input type="{1}" name="{2}" value="{3}" id="{0}"{4}><span>{5}</span></label>',
        (
            (
                one["attrs"]["id"], one["type"], one["name"], one["value"],
                mark_safe(" checked") if one["selected"] else "", one["label"],
            )
            for one in (widget.data for widget in bound.subwidgets)
        ),
    )  # fmt: skip


@register.inclusion_tag("ui/parts/chips.html")
def chips(
    name: str,
    legend: str,
    choices: Iterable[tuple[str, str]],
    chosen: Iterable[str] = (),
    many: bool = True,
    hint: str = "",
    error: str = "",
) -> dict[str, Any]:
    """A group of chips without a form. `choices` are (value, words); `many=False` gives radio chips."""
    chosen = {str(c) for c in ([chosen] if isinstance(chosen, str) else chosen)}
    rows = [{"value": value, "words": words, "on": str(value) in chosen} for value, words in choices]
    return {"name": name, "legend": legend, "rows": rows, "many": many, "hint": hint, "error": error}


@register.inclusion_tag("ui/parts/error_summary.html")
def error_summary(form: Form, focus: bool = True) -> dict[str, Any]:
    """What to mend, at the top of the page, each line a link to its field. Nothing when all is well.

    The keyboard goes there when the page arrives, unless `focus=False`.
    """
    return {"form": form, "focus": focus, "rows": [f for f in form if f.errors]}


# ---------------------------------------------------------------- showing


@register.inclusion_tag("ui/parts/tile.html")
def tile(url: str, words: str, scene_name: str, small: str = "", here: bool = False) -> dict[str, Any]:
    """A picture tile, used as an <li> inside <ul class="tiles">."""
    return {"url": url, "words": words, "scene_name": scene_name, "small": small, "here": here}


@register.inclusion_tag("ui/parts/activity_card.html")
def activity_card(card: Any, heading: str = "h3", starred: bool = True) -> dict[str, Any]:
    """One activity in a list, used as an <li> inside <ul class="cards">.

    `card` is an object or dict; anything missing is left out, never shown as "None":
    id, name, url, kind (a slug), kind_label, place, distance, next_start, places_left, price, ages: ready
    words; badges: [(words, tone)] or [words]; reasons, unknown: [words]; checked: words; number: its place
    in the list, as a map beside it says; outside: true for the one outside the usual.
    """
    badges = getattr(card, "badges", None) if not isinstance(card, Mapping) else card.get("badges")
    pairs = [(b, "leaf") if isinstance(b, WORDS) else tuple(b) for b in badges or ()]
    return {
        "card": card,
        "badges": pairs,
        "heading": one_of(heading, ("h2", "h3", "h4"), "heading"),
        "starred": starred,
    }


TONES = {
    "leaf": "", "joy": "badge-joy", "people": "badge-people", "place": "badge-place", "plain": "badge-plain",
    "unknown": "badge-unknown",
}  # fmt: skip


@register.simple_tag
def badge(words: str, tone: str = "leaf") -> SafeString:
    """A short fact. `tone` only varies the look: leaf, joy, people, place, plain; 'unknown' is dotted."""
    css = f"badge {TONES[one_of(tone, TONES, 'tone')]}".strip()
    return format_html('<span class="{}">{}</span>', css, words)


@register.inclusion_tag("ui/parts/facts.html")
def facts(rows: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    """Names and values: [(name, value)]. A value that is None is shown as "We don't know yet"."""
    return {"rows": list(rows)}


@register.inclusion_tag("ui/parts/steps.html")
def steps(names: Iterable[str], current: int) -> dict[str, Any]:
    """Where you are along the way; `current` counts from 1."""
    rows = [{"name": n, "done": i < current, "here": i == current} for i, n in enumerate(names, 1)]
    return {"rows": rows, "current": current, "total": len(rows)}


@register.inclusion_tag("ui/parts/pager.html", takes_context=True)
def pager(context: template.Context, page: Any, parameter: str = "page", label: str = "") -> dict[str, Any]:
    """Earlier and later pages of a django.core.paginator.Page, keeping the rest of the query string.

    Two on one page need a `label` each, so that a screen reader can tell them apart.
    """
    request = context.get("request")

    def address(number: int) -> str:
        query = request.GET.copy() if request is not None else QueryDict(mutable=True)
        query[parameter] = str(number)
        return f"?{query.urlencode()}"

    return {
        "page": page,
        "label": label,
        "earlier": address(page.previous_page_number()) if page.has_previous() else "",
        "later": address(page.next_page_number()) if page.has_next() else "",
    }


@register.inclusion_tag("ui/parts/data_table.html")
def data_table(
    caption: str, columns: Iterable[Any], rows: Iterable[Iterable[Any]], sticky: bool = True
) -> dict[str, Any]:
    """A staff table. `columns` are words or (words, 'num'); the first cell of each row is its heading."""
    heads = [(c, "") if isinstance(c, WORDS) else tuple(c) for c in columns]
    body = [[(cell, heads[i][1]) for i, cell in enumerate(row)] for row in rows]
    return {"caption": caption, "heads": heads, "body": body, "sticky": sticky}


# ---------------------------------------------------------------- holding


@register.simple_block_tag
def inset(content: str, tone: str = "leaf", art: str = "") -> SafeString:
    """A quiet panel. `tone`: leaf, people, joy, sky or plain. `art`: a scene to stand beside the words."""
    css = "" if tone == "leaf" else f" inset-{one_of(tone, ('people', 'joy', 'sky', 'plain'), 'tone')}"
    if not art:
        return format_html('<div class="inset{}">{}</div>', css, content)
    return format_html('<div class="inset inset-art{}"><div>{}</div>{}</div>', css, content, scene(art))


@register.simple_block_tag
def care_card(content: str, kind: str, heading: str) -> SafeString:
    """For the help-now page only. `kind`: 'emergency' or 'urgent', which is also said in (hidden) words."""
    said = {"emergency": gettext("Get help right now"), "urgent": gettext("Talk to someone today")}
    level = said[one_of(kind, said, "kind")]
    return format_html(
        '<section class="care care-{}"><h2><span class="vh">{}: </span>{}</h2>'
        '<div class="care-body">{}</div></section>',
        kind, level, heading, content,
    )  # fmt: skip


@register.simple_block_tag
def more(content: str, summary: str, open: bool = False) -> SafeString:
    """More to read, folded away: <details>. On paper it is always open."""
    return format_html(
        "<details{}><summary>{}</summary><div>{}</div></details>",
        mark_safe(" open") if open else "",
        summary,
        content,
    )


@register.simple_block_tag
def empty(content: str, title: str, art: str = "gate") -> SafeString:
    """Nothing here, and where to go instead: <ul class="ways"> goes inside, a dead end is a fault.

    Without a `title` where the page's own heading says it already.
    """
    heading = format_html("<h2>{}</h2>", title) if title else ""
    return format_html('<section class="empty">{}{}{}</section>', scene(art) if art else "", heading, content)


@register.simple_block_tag
def map_frame(content: str, caption: str) -> SafeString:
    """A drawn map (an <svg> with its own title inside). The list beside it must say the same in words."""
    return format_html(
        '<figure class="map"><div class="map-pane" tabindex="0" role="group" aria-label="{}">{}</div>'
        "<figcaption>{}</figcaption></figure>",
        caption, content, caption,
    )  # fmt: skip


@register.simple_block_tag
def undo_bar(content: str, words: str, still: bool = False) -> SafeString:
    """What just happened, with a way back inside. `still` keeps it in the page, not at the window's foot."""
    return format_html(
        '<div class="toast{}" role="status"><p>{}</p>{}</div>',
        " toast-still" if still else "",
        words,
        content,
    )


@register.simple_tag
def htmx() -> SafeString:
    """htmx itself, for pages that need it, in the `scripts` block. Its settings stand in ui/base.html."""
    return render_to_string("ui/parts/htmx.html")
