"""The WSGI application. Unless QUOTEBASE_MODE says otherwise it is production, which refuses to start half configured."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "quotebase.settings")
os.environ.setdefault("QUOTEBASE_MODE", "production")
application = get_wsgi_application()
