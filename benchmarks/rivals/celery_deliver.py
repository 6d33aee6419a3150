"""Celery on Redis: a task per event, acknowledged when done, in a pool of threads.

As a module it puts events in; `celery -A benchmarks.rivals.celery_deliver worker` sends them.
"""

import os
import threading
from datetime import UTC, datetime

import requests  # type: ignore[import-untyped]  # lives in this rival's own environment
from celery import Celery  # type: ignore[import-not-found]  # as above
from standardwebhooks import Webhook

from benchmarks.rivals import letters

app = Celery("bench", broker=os.environ["BENCH_REDIS"])
app.conf.update(
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    task_ignore_result=True,
    broker_transport_options={"visibility_timeout": 3600},
    broker_connection_retry_on_startup=True,
    worker_prefetch_multiplier=4,
)
SIGNER = Webhook(letters.SECRET)
MINE = threading.local()


def session() -> requests.Session:
    """Return the thread's own connections."""
    if not hasattr(MINE, "session"):
        MINE.session = requests.Session()
        MINE.session.trust_env = False
    found: requests.Session = MINE.session
    return found


@app.task(  # type: ignore[untyped-decorator]
    name="send",
    autoretry_for=(requests.RequestException,),
    retry_backoff=5,
    retry_backoff_max=12 * 3600,
    max_retries=20,
)
def send(url: str, event_id: str, body: str) -> None:
    """POST one event; a failure is tried again later."""
    now = datetime.now(UTC)
    headers = {
        "Content-Type": "application/json",
        "webhook-id": event_id,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": SIGNER.sign(event_id, now, body),
    }
    answer = session().post(
        url, data=body.encode(), headers=headers, timeout=letters.SECONDS, allow_redirects=False
    )
    answer.raise_for_status()


def main() -> None:
    """Put the plan's events in."""
    with app.pool.acquire(block=True) as connection, app.amqp.Producer(connection) as producer:
        letters.put_in_turn(
            letters.read_plan(),
            lambda event: send.apply_async((event.url, event.id, event.body), producer=producer),
        )


if __name__ == "__main__":
    main()
