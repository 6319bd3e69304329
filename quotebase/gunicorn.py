"""How gunicorn serves: in the container as it stands, under `manage.py run` with a few options on top."""

import os
from pathlib import Path

wsgi_app = "quotebase.wsgi"
bind = f"{os.environ.get('HOST', '0.0.0.0')}:{os.environ.get('PORT', '8000')}"  # noqa: S104 - a container's only door

# Requests mostly wait for PostgreSQL, so a few threads each. gunicorn itself reads WEB_CONCURRENCY for `workers`, but
# the default of 1 leaves nobody to answer while a worker restarts.
worker_class = "gthread"
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
threads = 4

# Longer than a proxy keeps idle connections (nginx: 60 s), so that it is never we who close one that is being used.
keepalive = 75
graceful_timeout = 20
# 500 characters of q, percent-encoded, are up to 6,000; the default of 4,094 would refuse them.
limit_request_line = 8190

# The workers' heartbeat is a file: in memory, as a slow disk makes gunicorn kill healthy workers.
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108 - gunicorn makes a private file in it
# Nobody uses it, and it would be written into a home that the container's user does not have.
control_socket_disable = True
