"""The Celery application: made without a connection, configured on first use from the office's settings (RELIABILITY 4)."""

import os
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from celery import Celery
from celery.schedules import crontab

from board.settings import Settings, load_settings
from worker import embedded

VISIBILITY_SECONDS = 300  # more than the hard time limit of a task; said in three places because kombu reads three
HEARTBEAT_SECONDS = 10

#: what beat sends; the recount is guarded by the outbox's UNIQUE (task, subject), so two beats do no harm
SCHEDULE: Mapping[str, Mapping[str, Any]] = {
    "heartbeat": {"task": "heartbeat", "schedule": timedelta(seconds=HEARTBEAT_SECONDS), "options": {"expires": 3 * HEARTBEAT_SECONDS}},
    "recount-yesterday": {"task": "recount_yesterday", "schedule": crontab(hour="0", minute="20"), "options": {"expires": 3600}},
    "mail-round": {"task": "mail_round", "schedule": timedelta(seconds=60), "options": {"expires": 60}},
    "recount-terms": {"task": "recount_terms", "schedule": crontab(minute="50"), "options": {"expires": 3600}},
    "archive-nightly": {"task": "archive_nightly", "schedule": crontab(hour="1", minute="10"), "options": {"expires": 3600}},
    "learn-nightly": {"task": "learn_nightly", "schedule": crontab(hour="2", minute="40"), "options": {"expires": 3600}},
}


def broker_address(settings: Settings, environment: Mapping[str, str]) -> str:
    """Where messages go: HUIYING_BROKER when it is an address (the supervisor sets it), else REDIS_URL, else files."""
    given = environment.get("HUIYING_BROKER", "")
    if "://" in given:
        return given
    if settings.redis_url and given != "filesystem":
        return embedded.kombu_address(settings.redis_url)
    return embedded.FILES


def transport_options(settings: Settings, address: str) -> dict[str, Any]:
    """Options of the transport: bounded time-outs and quick repair for Redis, directories for files."""
    if not address.startswith(embedded.FILES):
        return {
            "visibility_timeout": VISIBILITY_SECONDS,
            "unacked_restore_interval": 5,
            "unacked_restore_throttle": 1,
            "unacked_mutex_expire": 10,
            "socket_timeout": 5,
            "socket_connect_timeout": 1,
            "socket_keepalive": True,
            "health_check_interval": 10,
            "max_retries": 1,
        }
    run = embedded.run_directory(settings)
    for name in ("messages", "taken", "control"):
        (run / name).mkdir(exist_ok=True)
    return {
        "data_folder_in": str(run / "messages"),
        "data_folder_out": str(run / "messages"),
        "processed_folder": str(run / "taken"),
        "control_folder": str(run / "control"),
        "polling_interval": 0.1,
    }


def configuration(settings: Settings, environment: Mapping[str, str]) -> dict[str, Any]:
    """Celery's settings; a task that is lost all the same is sent again by the relay."""
    address = broker_address(settings, environment)
    chosen = settings.section("worker")
    visibility = {"visibility_timeout": VISIBILITY_SECONDS}
    return {
        "broker_url": address,
        "broker_transport_options": transport_options(settings, address),
        "broker_connection_retry_on_startup": True,
        "broker_connection_max_retries": None,
        "broker_connection_timeout": 4,
        "result_backend_transport_options": visibility,
        **visibility,
        "task_ignore_result": True,
        "task_acks_late": True,
        "task_reject_on_worker_lost": True,
        "task_publish_retry_policy": {"max_retries": 1, "interval_start": 0, "interval_step": 0.2, "interval_max": 0.2},
        "task_soft_time_limit": chosen["soft_time_limit"],
        "task_time_limit": chosen["time_limit"],
        "task_serializer": "json",
        "accept_content": ["json"],
        "task_default_queue": "huiying",
        "worker_prefetch_multiplier": 1,
        "worker_concurrency": chosen["concurrency"],
        "worker_max_tasks_per_child": 5000,
        "worker_soft_shutdown_timeout": 10,
        "worker_proc_alive_timeout": 60,  # opening the office reads the whole catalogue
        "worker_cancel_long_running_tasks_on_connection_loss": False,
        "worker_enable_remote_control": False,
        "worker_hijack_root_logger": False,
        "worker_redirect_stdouts": False,
        "timezone": "Asia/Shanghai",
        "enable_utc": True,
        "beat_schedule": SCHEDULE,
        "beat_schedule_filename": str(embedded.run_directory(settings) / "beat-schedule"),
        "beat_max_loop_interval": 5,
    }


app = Celery("huiying", set_as_current=False, include=["worker.tasks"])
app.add_defaults(lambda: configuration(load_settings(), os.environ))
