"""What the web server loads."""

import os
from threading import Thread

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from stile.site import keys

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "stile.site.settings")
if trouble := keys.why_not_serve(demo=settings.DEMO):
    raise SystemExit(trouble)
application = get_wsgi_application()


def _warm_up() -> None:
    """Load the match index beside the first requests, so that the first visitor does not wait for it."""
    from django.db import connection, transaction

    from stile.loop.match.current import CURRENT

    with transaction.atomic():
        CURRENT.warm()
    connection.close()


Thread(target=_warm_up, name="warm-up", daemon=True).start()
