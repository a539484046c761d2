"""Gunicorn's settings, from the same environment as everything else."""

import os

from app.config import load_config

_config = load_config()

wsgi_app = "wsgi:app"
bind = f"{_config.host}:{_config.port}"
workers = _config.web_workers
threads = _config.threads
worker_class = "gthread"
# The application is loaded once and shared; an unusable environment ends the start with one message.
preload_app = True
# Longer than any statement may take; SIGTERM finishes what is in flight.
timeout = 30
graceful_timeout = 20
keepalive = 5
worker_tmp_dir = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
# Requests are logged by the application, without paths and query strings.
accesslog = None
errorlog = "-"
loglevel = "warning"
control_socket_disable = True
proc_name = "pullboard-web"
