"""What every answer carries, whichever page made it, and what no page is asked."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden, HttpResponseNotAllowed
from django.middleware.gzip import GZipMiddleware
from django.utils import translation

Answer = Callable[[HttpRequest], HttpResponse]

CONTENT_SECURITY_POLICY = (
    "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'"
)
METHODS = ("GET", "HEAD", "POST")  # all that a page is ever asked with; a header can't turn one into another
A_YEAR = 31_536_000  # seconds


class SafeHeaders:
    """Nothing from or to another origin, no framing, no referrer, no device features."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.HTTPS:
            # Links in letters and on cards, and what "this site" is, whatever a header says the scheme was.
            request.META["wsgi.url_scheme"] = "https"
        response = self._refusal(request) or self.answer(request)
        response["Content-Security-Policy"] = CONTENT_SECURITY_POLICY
        # To others nothing; to ourselves, since a browser without Sec-Fetch-Site that is told "no-referrer"
        # sends forms as from nowhere ("Origin: null"), and they would be refused.
        response["Referrer-Policy"] = "same-origin"
        response["X-Content-Type-Options"] = "nosniff"
        response["Cross-Origin-Opener-Policy"] = "same-origin"
        response["Cross-Origin-Resource-Policy"] = "same-origin"
        # Location is asked on a tap and used once (experience.md A2); nothing else is asked at all.
        response["Permissions-Policy"] = "geolocation=(self), camera=(), microphone=(), interest-cohort=()"
        if settings.HTTPS:
            response["Strict-Transport-Security"] = f"max-age={A_YEAR}; includeSubDomains"
        ended = response.cookies.get(settings.SESSION_COOKIE_NAME)
        if ended is not None and ended["max-age"] == 0:
            # Pages behind "back" go too. Not "storage": somebody's own list of activities stays theirs.
            response["Clear-Site-Data"] = '"cache"'
        if not request.path.startswith(settings.STATIC_URL):
            response.headers.setdefault("Cache-Control", "no-store")
        return response

    @staticmethod
    def _refusal(request: HttpRequest) -> HttpResponse | None:
        if request.method not in METHODS:
            return HttpResponseNotAllowed(METHODS)
        try:
            length = int(request.META.get("CONTENT_LENGTH") or 0)
        except ValueError:
            return HttpResponse(status=400)
        # Nobody sends us files: what is longer than a long form is not even read.
        return HttpResponse(status=413) if length > settings.DATA_UPLOAD_MAX_MEMORY_SIZE else None


class Packed(GZipMiddleware):
    """Pages go out packed, but for those of somebody signed in.

    The packed length of a page that holds both a secret and something a stranger can choose tells the
    secret letter by letter (BREACH). Looking without an account has no secret; where there is a session,
    or one is just being given, nothing is packed.
    """

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        if settings.SESSION_COOKIE_NAME in request.COOKIES or response.cookies:
            return response
        return super().process_response(request, response)


class Language:
    """English, or Welsh under /cy/: the address alone decides, so that no cookie is needed."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        language = "cy" if request.path_info.startswith("/cy/") or request.path_info == "/cy" else "en-gb"
        with translation.override(language):
            request.LANGUAGE_CODE = language  # type: ignore[attr-defined]
            response = self.answer(request)
            response.headers.setdefault("Content-Language", language.split("-")[0])
            return response


class SameOriginPosts:
    """Writing is only taken from our own pages.

    Visitors have no session, so there is no token to steal and no cookie to set for one; browsers
    say where a form came from, and a form from elsewhere is refused.
    """

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in ("GET", "HEAD", "OPTIONS") and not self._ours(request):
            return HttpResponseForbidden("This form did not come from this site.", content_type="text/plain")
        return self.answer(request)

    @staticmethod
    def _ours(request: HttpRequest) -> bool:
        site = request.headers.get("Sec-Fetch-Site")
        if site is not None:
            return site in ("same-origin", "none")
        origin = request.headers.get("Origin")
        if origin is not None:
            return origin == f"{request.scheme}://{request.get_host()}"
        return False
