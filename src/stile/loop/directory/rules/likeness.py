"""Are two records of different sources the same? Evidence first, then a decision one can read.

One kind of evidence is never enough: a community centre's ten groups share its postcode, a council's
thousand services share its switchboard, and every town has a "Stay and Play". So two records are
joined only when independent kinds agree and nothing speaks against it. Candidates are found by the
keys below (`actions/linking.py`); this module only judges pairs.
"""

import re
import unicodedata
from dataclasses import dataclass, field
from functools import lru_cache
from urllib.parse import urlsplit

import phonenumbers
from rapidfuzz import fuzz

from stile.kernel.geo import km_between

ALIKE = 88  # of 100, rapidfuzz token_sort_ratio of name keys: "sale chess club" / "chess club sale"
ROUGHLY_ALIKE = 60  # enough for the name beside a shared charity number
SAME_PLACE_KM = 0.15  # two pins on one building
OTHER_PLACE_KM = 1.0  # further than this apart, they are two places


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_LEGAL = _set(
    "ltd limited cio cic plc llp inc uk charity registered company trust the and of for in at a an y yr"
)
_MAIL_FOR_ALL = _set(
    "gmail.com googlemail.com hotmail.com hotmail.co.uk outlook.com live.com live.co.uk yahoo.com yahoo.co.uk"
    " btinternet.com aol.com icloud.com me.com msn.com sky.com talktalk.net ntlworld.com virginmedia.com"
    " protonmail.com proton.me mail.com gmx.com"
)
_PAGE_ON_HOST = _set("facebook.com instagram.com twitter.com x.com tiktok.com linktr.ee")
_HOST_FOR_ALL = _set(
    "eventbrite.com eventbrite.co.uk meetup.com youtube.com linkedin.com bit.ly tinyurl.com goo.gl forms.gle"
    " google.com docs.google.com sites.google.com example.com example.org nhs.uk gov.uk"
)
_NOT_WORD = re.compile(r"[^a-z0-9]+")
_UK_PHONE = re.compile(r"(?:\+44|0044|44)?0?([1-9]\d{8,9})")


def name_key(name: str) -> str:
    """Lower-case words without accents, apostrophes or legal forms; at most 120 letters."""
    plain = name if name.isascii() else unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    words = _NOT_WORD.sub(" ", plain.lower().replace("'", "")).split()
    return " ".join([word for word in words if word not in _LEGAL] or words)[:120]


@lru_cache(maxsize=4096)
def phone_key(text: str) -> str:
    """One number in the international form, or "" when it is none. Extensions are left off."""
    if not text:
        return ""
    digits = re.sub(r"[^\d+]", "", text.lower().split("ext")[0].replace("(0)", ""))
    # The plain British number is nearly every number; the library reads the rest, at 100 times the cost.
    if match := _UK_PHONE.fullmatch(digits):
        return "+44" + match[1]
    try:
        number = phonenumbers.parse(text[:60], "GB")
    except phonenumbers.NumberParseException:
        return ""
    if not phonenumbers.is_possible_number(number):
        return ""
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


@lru_cache(maxsize=4096)
def web_key(address: str) -> str:
    """The host that stands for somebody, with the page's name where the host is everybody's; or ""."""
    if not address:
        return ""
    try:
        parts = urlsplit(address if "//" in address else "//" + address)
        host = (parts.hostname or "").removeprefix("www.").removeprefix("m.")
    except ValueError:
        return ""
    if "." not in host or host in _HOST_FOR_ALL or len(host) > 200:
        return ""
    if host in _PAGE_ON_HOST:
        page = parts.path.strip("/").split("/")[0].lower()
        return f"{host}/{page}"[:200] if page and page not in ("groups", "pages", "events") else ""
    return host


@lru_cache(maxsize=4096)
def mail_key(address: str) -> str:
    """The domain of an e-mail address; the whole address where the domain is everybody's; or ""."""
    name, at, domain = address.strip().lower().rpartition("@")
    if not at or not name or "." not in domain or len(address) > 200:
        return ""
    if domain in _HOST_FOR_ALL:
        return ""
    return f"{name}@{domain}" if domain in _MAIL_FOR_ALL else domain


def identifier_key(scheme: str, identifier: str) -> str:
    """A charity or company number in one spelling, "GB-CHC:1234567"; "" when there is none."""
    number = re.sub(r"[^A-Z0-9]", "", identifier.upper())[:60]
    if not number:
        return ""
    said = scheme.upper()
    if "COH" in said or "COMPAN" in said:
        return "GB-COH:" + (number.zfill(8) if number.isdigit() else number)
    if number.startswith("SC") and ("CHARIT" in said or "-SC" in said):
        return "GB-SC:" + number
    if "CHC" in said or ("CHARIT" in said and "NI" not in said):
        return "GB-CHC:" + number.lstrip("0")
    return f"{said[:60]}:{number}"


@dataclass(frozen=True, slots=True)
class Likeable:
    """What likeness is judged by, of a service or an organisation."""

    number: int
    name_key: str
    phone_key: str = ""
    web_key: str = ""
    mail_key: str = ""
    identifiers: frozenset[str] = frozenset()  # the organisation's
    organisation_key: str = ""  # name key of a service's organisation
    postcodes: frozenset[str] = frozenset()
    points: tuple[tuple[float, float], ...] = ()  # (lat, lon), WGS84 degrees; only sharp ones
    min_age: int | None = None
    max_age: int | None = None
    slots: int = 0


@dataclass(frozen=True, slots=True)
class Evidence:
    kind: str  # name, place, phone, website, email, organisation, identifier
    words: str


@dataclass(frozen=True, slots=True)
class Likeness:
    same: bool
    words: str
    evidence: tuple[Evidence, ...] = field(default=())


def services_alike(one: Likeable, other: Likeable) -> Likeness:
    """The same name, and beside it the place, the phone, the charity number or two weaker signs."""
    against = _against(one, other)
    if against:
        return Likeness(False, against)
    found = [e for e in (_name(one, other, ALIKE), _place(one, other), _phone(one, other)) if e]
    found += _identifier(one, other) + _weaker(one, other)
    kinds = {e.kind for e in found}
    if "name" not in kinds:
        return Likeness(False, "other names", tuple(found))
    strong = kinds & {"place", "phone", "identifier"}
    weak = kinds & {"website", "email", "organisation"}
    if not strong and len(weak) < 2:
        return Likeness(False, "too little beside the name", tuple(found))
    return Likeness(True, _sure(found), tuple(found))


def organisations_alike(one: Likeable, other: Likeable) -> Likeness:
    """A shared register number with a like name or place, or the same name with one other sign."""
    schemes = {i.split(":")[0] for i in one.identifiers} & {i.split(":")[0] for i in other.identifiers}
    shared = one.identifiers & other.identifiers
    if schemes and not shared:
        return Likeness(False, "other register numbers")
    if _numbers(one) != _numbers(other):
        return Likeness(False, "numbers in the names differ")
    name = _name(one, other, ROUGHLY_ALIKE if shared else ALIKE)
    found = [e for e in (name, _place(one, other), _phone(one, other)) if e]
    found += _identifier(one, other) + _weaker(one, other)
    if len(found) < 2 or not (shared or name):
        return Likeness(False, "too little in common", tuple(found))
    return Likeness(True, _sure(found), tuple(found))


def _sure(found: list[Evidence]) -> str:
    return f"the same by {len(found)} signs: " + ", ".join(e.words for e in found)


def _against(one: Likeable, other: Likeable) -> str:
    if _numbers(one) != _numbers(other):
        return "numbers in the names differ"  # under 9s and under 11s are two teams
    if _apart(one.min_age, other.max_age) or _apart(other.min_age, one.max_age):
        return "for other ages"
    if one.slots and other.slots and not one.slots & other.slots:
        return "at other times"
    if one.points and other.points and _nearest_km(one, other) > OTHER_PLACE_KM:
        return "at other places"
    return ""


def _apart(least: int | None, most: int | None) -> bool:
    return least is not None and most is not None and least > most


def _numbers(one: Likeable) -> list[str]:
    return sorted(re.findall(r"\d+", one.name_key))


def _nearest_km(one: Likeable, other: Likeable) -> float:
    return min(km_between(*a, *b) for a in one.points[:20] for b in other.points[:20])


def _name(one: Likeable, other: Likeable, least: int) -> Evidence | None:
    score = fuzz.token_sort_ratio(one.name_key, other.name_key)
    if score < least or not one.name_key:
        return None
    return Evidence("name", "same name" if score > 99.5 else f"names {int(score)} % alike")


def _place(one: Likeable, other: Likeable) -> Evidence | None:
    shared = one.postcodes & other.postcodes
    if shared:
        return Evidence("place", f"same postcode {min(shared)}")
    if one.points and other.points:
        km = _nearest_km(one, other)
        if km <= SAME_PLACE_KM:
            return Evidence("place", f"{round(km * 1000)} metres apart")
    return None


def _phone(one: Likeable, other: Likeable) -> Evidence | None:
    same = one.phone_key and one.phone_key == other.phone_key
    return Evidence("phone", f"same phone {one.phone_key}") if same else None


def _identifier(one: Likeable, other: Likeable) -> list[Evidence]:
    shared = one.identifiers & other.identifiers
    return [Evidence("identifier", f"same register number {min(shared)}")] if shared else []


def _weaker(one: Likeable, other: Likeable) -> list[Evidence]:
    found = []
    if one.web_key and one.web_key == other.web_key:
        found.append(Evidence("website", f"same website {one.web_key}"))
    if one.mail_key and one.mail_key == other.mail_key:
        found.append(Evidence("email", f"same e-mail {one.mail_key}"))
    keys = one.organisation_key, other.organisation_key
    if all(keys) and fuzz.token_sort_ratio(*keys) >= ALIKE:
        found.append(Evidence("organisation", "same organisation"))
    return found
