"""The WSGI application. Unless QUOTEBASE_MODE says otherwise it is production, which refuses to start half configured."""

import os
from typing import Any

import django
from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from django.utils.http import parse_header_parameters

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "quotebase.settings")
os.environ.setdefault("QUOTEBASE_MODE", "production")
django.setup(set_prefix=False)


class Request(WSGIRequest):
    """A request in UTF-8, whatever charset its Content-Type names.

    Django would decode the query string by that name, and `charset=base64` ends in an exception before any middleware.
    """

    def _set_content_type_params(self, meta: dict[str, Any]) -> None:
        self.content_type, self.content_params = parse_header_parameters(meta.get("CONTENT_TYPE", ""))


class Application(WSGIHandler):
    request_class = Request


application = Application()
