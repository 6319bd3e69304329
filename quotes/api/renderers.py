"""JSON out. Stored documents come as orjson fragments and are passed through as the bytes they are."""

from collections.abc import Mapping
from typing import Any

import orjson
from rest_framework.renderers import BaseRenderer


class JSONRenderer(BaseRenderer):
    media_type = "application/json"
    format = "json"
    charset = None

    def render(
        self,
        data: Any,
        accepted_media_type: str | None = None,
        renderer_context: Mapping[str, Any] | None = None,
    ) -> bytes:
        """UTF-8 JSON; nothing for an answer without a body."""
        return b"" if data is None else orjson.dumps(data, option=orjson.OPT_UTC_Z)
