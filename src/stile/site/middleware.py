"""What every answer carries, whichever page made it."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden
from django.utils import translation

Answer = Callable[[HttpRequest], HttpResponse]

CONTENT_SECURITY_POLICY = (
    "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'"
)


class SafeHeaders:
    """Nothing from or to another origin, no framing, no referrer, no device features."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.answer(request)
        response["Content-Security-Policy"] = CONTENT_SECURITY_POLICY
        response["Referrer-Policy"] = "no-referrer"
        response["X-Content-Type-Options"] = "nosniff"
        response["Cross-Origin-Opener-Policy"] = "same-origin"
        response["Cross-Origin-Resource-Policy"] = "same-origin"
        # Location is asked on a tap and used once (experience.md A2); nothing else is asked at all.
        response["Permissions-Policy"] = "geolocation=(self), camera=(), microphone=(), interest-cohort=()"
        if not request.path.startswith(settings.STATIC_URL):
            response.headers.setdefault("Cache-Control", "no-store")
        return response


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
