"""The Django application as WSGI; ``makegood.config.asgi`` runs it in a fixed pool of threads."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "makegood.config.settings")
application = get_wsgi_application()
