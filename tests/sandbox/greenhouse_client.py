"""A client of the simulated Harvest v3."""

import ssl
from typing import Any

import httpx

from hireloom.sandbox.app import Running

TLS = ssl.create_default_context()  # made once: each costs more than a call
CANDIDATES = "/v3/candidates"
APPLICATIONS = "/v3/applications"
Record = dict[str, Any]


class Harvest:
    """A client that holds a token."""

    def __init__(self, running: Running, extra: str = "credentials", **form: Any) -> None:
        self.running = running
        self.origins = running.origins
        about = httpx.get(verify=TLS, url=running.url, timeout=120).json()["vendors"]["greenhouse"]
        self.given = (about[extra]["clientId"], about[extra]["clientSecret"])
        self.client = httpx.Client(
            verify=TLS, base_url=self.origins["https://harvest.greenhouse.io"], timeout=120
        )
        self.log_in(**form)

    def __enter__(self) -> "Harvest":
        return self

    def __exit__(self, *_: object) -> None:
        self.client.close()

    def token(self, given: tuple[str, str] | None = None, **form: Any) -> httpx.Response:
        url = self.origins["https://auth.greenhouse.io"] + "/token"
        data = {"grant_type": "client_credentials", **form}
        return httpx.post(verify=TLS, url=url, auth=given or self.given, data=data, timeout=120)

    def log_in(self, **form: Any) -> None:
        token = self.token(**form).json()["access_token"]
        self.client.headers["authorization"] = f"Bearer {token}"

    def get(self, path: str, **params: Any) -> httpx.Response:
        return self.client.get(path, params=params or None)

    def page(self, path: str, **params: Any) -> list[Record]:
        answer = self.get(path, **params)
        assert answer.status_code == 200, answer.text
        records: list[Record] = answer.json()
        return records

    def all(self, path: str, **params: Any) -> list[Record]:
        """Every page, by the Link header alone."""
        answer = self.get(path, **params)
        found = answer.json()
        while link := answer.links.get("next"):
            assert link["url"].startswith("https://harvest.greenhouse.io/v3/")
            answer = self.client.get(link["url"].replace(*self.mapping))
            found += answer.json()
        return list(found)

    @property
    def mapping(self) -> tuple[str, str]:
        origin = "https://harvest.greenhouse.io"
        return origin, self.origins[origin]

    def one(self, path: str, key: int) -> Record:
        (record,) = self.page(path, ids=key)
        return record

    def post(self, path: str, body: Any, status: int = 201) -> Any:
        answer = self.client.post(path, json=body)
        assert answer.status_code == status, answer.text
        return answer.json() if answer.content else None

    def refused(self, path: str, body: Any, method: str = "POST") -> Record:
        answer = self.client.request(method, path, json=body)
        assert answer.status_code == 422, answer.text
        error: Record = answer.json()["errors"][0]
        return error

    def screen(self) -> Record:
        shown: Record = httpx.get(
            verify=TLS, url=f"{self.running.url}/_sandbox/greenhouse/screen", timeout=120
        ).json()
        return shown

    def change(self, kind: str, **what: Any) -> httpx.Response:
        door = f"{self.running.url}/_sandbox/greenhouse/change"
        return httpx.post(verify=TLS, url=door, json={"kind": kind, **what}, timeout=120)

    def active(self, stage: str = "Phone screen") -> Record:
        return self.page(APPLICATIONS, stage_name=stage, per_page=1)[0]
