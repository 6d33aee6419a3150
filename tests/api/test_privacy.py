"""Nothing is kept and nothing is told: no person and no secret in a table, a log, a metric."""

import io
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
import structlog

from hireloom import connectors, logs
from tests.service import Service

PLANTED = {
    "first": "Zebulina",
    "last": "Quatermassova",
    "email": "zebulina.q@planted.example.com",
    "phone": "+351 21 000 7734",
    "note": "hums while compiling",
}


@pytest.fixture
def written_log(service: Service) -> Iterator[io.StringIO]:
    """All that is logged, at the most talkative level."""
    before = structlog.get_config()
    logs.configure(msgspec.structs.replace(service.desk.settings, log_level="debug"))
    written = io.StringIO()
    structlog.configure(
        logger_factory=structlog.PrintLoggerFactory(written), cache_logger_on_first_use=False
    )
    yield written
    structlog.configure(**before)


async def everything_stored(service: Service) -> str:
    """Every value of every table, bytes as text."""
    await service.desk.ledger.flush()
    async with service.desk.pool.acquire() as conn:
        tables = await conn.fetch(
            "select table_name as name from information_schema.tables"
            " where table_schema = 'public' and table_type = 'BASE TABLE'"
        )
        rows: list[Any] = []
        for table in tables:
            for row in await conn.fetch(f"select * from {table['name']}"):  # noqa: S608 – from the catalogue
                rows += [
                    value.decode("latin-1") if isinstance(value, bytes) else str(value)
                    for value in row.values()
                ]
    return "\n".join(rows)


@pytest.mark.parametrize("app", connectors.names())
async def test_a_planted_person_is_found_nowhere(
    service: Service, written_log: io.StringIO, app: str
) -> None:
    integration = await service.connect_for_writes(app)
    job = (await service.get("ats.job.list", integration, status="OPEN")).json()["data"]["jobs"][0]
    body = {
        "jobId": job["info"]["id"],
        "candidate": {
            "firstName": PLANTED["first"],
            "lastName": PLANTED["last"],
            "emails": [{"email": PLANTED["email"]}],
            "phones": [{"phoneNumber": PLANTED["phone"]}],
        },
    }

    created = (
        await service.post(
            "ats.application.create", integration, body, headers={"Idempotency-Key": "z-1"}
        )
    ).json()["data"]
    note = {"candidateId": created["candidateId"], "content": PLANTED["note"]}
    await service.post(
        "ats.candidate.note.create", integration, note, headers={"Idempotency-Key": "z-2"}
    )
    await service.post("ats.candidates.search", integration, {"emails": [PLANTED["email"]]})
    await service.get("ats.application.list", integration, candidateEmail=PLANTED["email"])
    await service.get("ats.candidate.list", integration, email=PLANTED["email"], pageSize=1)
    service.faults({"vendor": app, "path": "/*", "kind": "html"})
    await service.post("ats.candidate.note.create", integration, note)
    service.faults()
    await service.post("ats.application.create", integration, body | {"jobId": PLANTED["email"]})

    stored, logged = await everything_stored(service), written_log.getvalue()
    metrics = (await service.http.get("/metrics")).text
    for place in (stored, logged, metrics):  # the writes did leave their trace
        assert "ats.application.create" in place
    for what, value in PLANTED.items():
        assert value not in stored, f"{what} is stored"
        assert value not in logged, f"{what} is logged"
        assert value not in metrics, f"{what} is in the metrics"


@pytest.mark.parametrize("app", connectors.names())
async def test_a_secret_is_found_nowhere(
    service: Service, written_log: io.StringIO, app: str
) -> None:
    integration = await service.connect(app)
    await service.get("ats.user.list", integration)
    service.faults({"vendor": app, "path": "/*", "kind": "status", "status": 401})
    refused = await service.get("ats.user.list", integration)

    stored, logged = await everything_stored(service), written_log.getvalue()
    assert "ats.user.list" in stored
    assert "ats.user.list" in logged
    credentials = service.sandbox.vendor(app).credentials
    for name in ("apiKey", "clientSecret", "refreshToken"):
        secret = credentials.get(name)
        if secret is not None:
            assert secret not in stored + logged + refused.text, name
    assert service.key not in stored + logged
