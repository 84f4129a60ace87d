"""What the web server loads."""

import os
from threading import Thread

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "stile.site.settings")
application = get_wsgi_application()


def _warm_up() -> None:
    """Load the match index beside the first requests, so that the first visitor does not wait for it."""
    from django.db import connection, transaction

    from stile.loop.match.current import CURRENT

    with transaction.atomic():
        CURRENT.warm()
    connection.close()


Thread(target=_warm_up, name="warm-up", daemon=True).start()
