"""Languages as directories name them, as ISO 639-1 codes."""

from collections.abc import Iterable

# English names of ISO 639-1 languages spoken in the United Kingdom (and by its directories), the names
# some give themselves, and the three-letter codes of ISO 639-2/3 that HSDS allows.
_NAMES: dict[str, str] = {
    "en": "english eng saesneg", "cy": "welsh cymraeg cym wel", "gd": "scottish-gaelic gaelic gàidhlig gla",
    "ga": "irish gaeilge gle", "ar": "arabic ara", "bn": "bengali bangla sylheti ben", "bg": "bulgarian bul",
    "zh": "chinese mandarin cantonese zho chi yue", "cs": "czech ces cze", "nl": "dutch nld dut",
    "fa": "farsi persian dari fas per", "fr": "french français fra fre", "de": "german deutsch deu ger",
    "el": "greek ell gre", "gu": "gujarati guj", "he": "hebrew heb", "hi": "hindi hin", "hu": "hungarian hun",
    "it": "italian italiano ita", "ja": "japanese jpn", "ko": "korean kor", "ku": "kurdish sorani kurmanji kur",
    "lt": "lithuanian lit", "lv": "latvian lav", "ml": "malayalam mal", "mr": "marathi mar", "ne": "nepali nep",
    "no": "norwegian nor", "ps": "pashto pus", "pl": "polish polski pol", "pt": "portuguese português por",
    "pa": "punjabi panjabi pan", "ro": "romanian romani ron rum", "ru": "russian rus", "sk": "slovak slk slo",
    "so": "somali som", "es": "spanish español castellano spa", "sw": "swahili swa", "sv": "swedish swe",
    "tl": "tagalog filipino tgl", "ta": "tamil tam", "te": "telugu tel", "th": "thai tha", "ti": "tigrinya tir",
    "tr": "turkish tur", "uk": "ukrainian ukr", "ur": "urdu urd", "vi": "vietnamese vie", "yi": "yiddish yid",
    "yo": "yoruba yor", "sq": "albanian sqi alb", "am": "amharic amh", "hr": "croatian hrv", "da": "danish dan",
    "et": "estonian est", "fi": "finnish fin", "ig": "igbo ibo", "sr": "serbian srp", "sl": "slovenian slv",
    "ha": "hausa hau", "ak": "twi akan aka twi",
}  # fmt: skip
_CODES: dict[str, str] = {name: code for code, names in _NAMES.items() for name in (code, *names.split())}


def codes_of(given: Iterable[str]) -> tuple[str, ...]:
    """The two-letter codes of codes ("pol", "en-GB") and names ("Polish"); what is neither is left out."""
    found: dict[str, None] = {}
    for one in given:
        said = one.strip().lower()
        code = (
            _CODES.get(said)
            or _CODES.get(said.replace("_", "-").split("-")[0])
            or _CODES.get(said.split(" ")[0])
        )
        if code:
            found[code] = None
    return tuple(found)
