"""Records that are not there: the same answer from every vendor."""

import pytest

from hireloom import connectors
from tests.service import Service


@pytest.mark.parametrize("app", connectors.names())
@pytest.mark.parametrize("noun", ["job", "application", "candidate"])
async def test_a_record_that_is_not_there_is_404(service: Service, app: str, noun: str) -> None:
    integration = await service.connect(app)

    for unknown in ("999999999", "00000000-0000-4000-8000-000000000000"):
        answer = await service.get(f"ats.{noun}.get", integration, **{f"{noun}Id": unknown})

        assert (answer.status_code, answer.json()["error"]["code"]) == (404, "resource.not_found")
