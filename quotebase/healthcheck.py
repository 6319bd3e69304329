"""The container's health check: `python -m quotebase.healthcheck` ends with 0 when /livez answers 200.

It speaks as the proxy does: under the first allowed host, and over TLS as far as Django can tell.
"""

import http.client
import os
import sys

PATIENCE_SECONDS = 5


def main() -> int:
    host = os.environ.get("QUOTEBASE_ALLOWED_HOSTS", "localhost").split(",")[0].strip().removeprefix(".")
    connection = http.client.HTTPConnection("127.0.0.1", int(os.environ.get("PORT", "8000")), timeout=PATIENCE_SECONDS)
    try:
        connection.request("GET", "/livez", headers={"Host": host, "X-Forwarded-Proto": "https"})
        status = connection.getresponse().status
    except (OSError, http.client.HTTPException) as error:
        sys.stderr.write(f"/livez: {error}\n")
        return 1
    if status != http.client.OK:
        sys.stderr.write(f"/livez answers {status}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
