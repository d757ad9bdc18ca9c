"""Entry point of the web server."""

import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bukittinggi_kinerja.settings")

application = get_wsgi_application()
# All screens are loaded here, before the server forks: else each of its processes would do so at its first request.
get_resolver().url_patterns  # noqa: B018 - a property that loads
