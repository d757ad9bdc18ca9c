"""How gunicorn serves the site, on one machine and in production: `gunicorn --config python:bukittinggi_kinerja.web_server`.

Threads, because views wait for the database most of the time; connections to it = workers x threads.
"""

import os

bind = f"{os.environ.get('HOST') or '127.0.0.1'}:{os.environ.get('PORT') or '8000'}"
worker_class = "gthread"
workers = int(os.environ.get("WEB_WORKERS") or 2)
threads = int(os.environ.get("WEB_THREADS") or 4)
# Loaded once, then forked: half the start, half the memory. Nothing connects while it loads.
preload_app = True
timeout = 60
graceful_timeout = 4
# A worker that has leaked for long is replaced; not all in the same minute.
max_requests = 20000
max_requests_jitter = 2000
# It would stand in the home folder of the user, and nobody needs it.
control_socket_disable = True
