"""`python -m stile` is the `stile` command."""

from stile.site.cli.main import app

app()
