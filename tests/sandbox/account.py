"""The doors of one simulated vendor, the same for all."""

from typing import Any

import httpx

from hireloom.sandbox.app import Running

Json = dict[str, Any]


class Account:
    def __init__(self, sandbox: Running, vendor: str) -> None:
        self.vendor = vendor
        self.http = httpx.Client(base_url=f"{sandbox.url}/_sandbox/{vendor}", timeout=120)

    def __enter__(self) -> "Account":
        return self

    def __exit__(self, *_: object) -> None:
        self.http.close()

    def change(self, kind: str, **what: Any) -> Json:
        answer = self.http.post("/change", json={"kind": kind, **what})
        assert answer.status_code == 200, answer.text
        changed: Json = answer.json()
        return changed

    def refused(self, kind: str, **what: Any) -> str:
        answer = self.http.post("/change", json={"kind": kind, **what})
        assert answer.status_code == 400, answer.text
        return str(answer.json()["error"])

    def state(self, kind: str = "applications") -> dict[Any, Json]:
        """What exists now, by id."""
        answer = self.http.get("/state", params={"kind": kind})
        assert answer.status_code == 200, answer.text
        return {row["id"]: row for row in answer.json()}

    def subscribe(self, url: str, *events: str, secret: str | None = "x" * 16) -> list[Json]:
        body = {"url": url, "events": list(events) or None, "secret": secret}
        answer = self.http.post("/webhooks", json=body)
        assert answer.status_code == 201, answer.text
        made: list[Json] = answer.json()["webhooks"]
        return made

    def webhooks(self) -> Json:
        found: Json = self.http.get("/webhooks").json()
        return found

    def running(self) -> Json:
        """An application that is under way, with a job."""
        return next(
            row
            for row in self.state().values()
            if row["status"] in {"in_process", "active", "Active"} and row["jobId"]
        )
