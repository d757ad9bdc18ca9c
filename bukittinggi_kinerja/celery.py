"""The Celery application. Its options are the CELERY_* settings; the schedule is code there.

The options that keep a task safe to run twice stand here, because no installation may change them.
"""

import os
import signal
from typing import Any

from celery import Celery
from celery.signals import worker_process_init
from kombu import Queue

from bukittinggi_kinerja.lifeline import end_with_parent

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bukittinggi_kinerja.settings")

# The broker hands a message out again when it was not acknowledged for this long: far above the longest task, or the
# task would be started a second time while it still runs.
VISIBILITY_TIMEOUT_SECONDS = 6 * 60 * 60
TASK_SOFT_LIMIT_SECONDS = 5 * 60
TASK_HARD_LIMIT_SECONDS = 6 * 60
# How long a worker that is told to quit (SIGQUIT) lets running tasks end before it gives them back to the queue.
SHUTDOWN_SECONDS = 3

app = Celery("bukittinggi_kinerja")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.update(
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    task_ignore_result=True,
    task_soft_time_limit=TASK_SOFT_LIMIT_SECONDS,
    task_time_limit=TASK_HARD_LIMIT_SECONDS,
    task_default_queue="default",
    task_queues=(Queue("default"), Queue("bulk"), Queue("reports")),
    task_serializer="json",
    accept_content=["json"],
    worker_prefetch_multiplier=1,
    worker_soft_shutdown_timeout=SHUTDOWN_SECONDS,
    worker_max_tasks_per_child=500,
    worker_cancel_long_running_tasks_on_connection_loss=True,
    broker_connection_retry_on_startup=True,
    beat_scheduler="bukittinggi_kinerja.scheduler:SingleScheduler",
    broker_transport_options={"visibility_timeout": VISIBILITY_TIMEOUT_SECONDS},
)
app.steps["consumer"].add("bukittinggi_kinerja.heartbeat:WorkerHeartbeat")
app.autodiscover_tasks()


@worker_process_init.connect
def end_with_worker(**_: Any) -> None:
    """A child in the middle of a task must not go on alone when the worker was killed."""
    end_with_parent(signal.SIGKILL)
