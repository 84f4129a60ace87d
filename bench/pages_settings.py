"""Stile's own settings, with one more address: the same page without the search."""

from stile.site.settings import *  # noqa: F403

ROOT_URLCONF = "bench.pages_urls"
