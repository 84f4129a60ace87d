"""What every page knows: whether this is the demo, and the same page in the other language."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def everywhere(request: HttpRequest) -> dict[str, Any]:
    welsh = request.path.startswith("/cy/")
    path = request.get_full_path()
    return {
        "demo": settings.DEMO,
        "quick_exit_url": settings.QUICK_EXIT_URL,
        "other_language_url": path[len("/cy") :] if welsh else "/cy" + path,
        "other_language_name": "English" if welsh else "Cymraeg",
        "other_language_code": "en" if welsh else "cy",
    }
