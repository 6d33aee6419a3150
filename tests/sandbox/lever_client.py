"""A small caller for the tests of the simulated Lever."""

import base64
from collections.abc import Iterator
from typing import Any

import httpx

from hireloom.sandbox.app import Running

API_KEY = "lever-sandbox-api-key"
PDF = b"%PDF-1.4 not much of one"

Json = dict[str, Any]


class Caller:
    """Speaks to the API as the holder of one key."""

    def __init__(self, sandbox: Running, key: str = API_KEY, origin: str = "https://api.lever.co"):
        self.sandbox = sandbox
        self.http = httpx.Client(
            base_url=sandbox.origins[origin] + "/v1",
            headers={"authorization": basic(key)},
            timeout=120,
        )
        self.admin = sandbox.vendor("lever").world.uuid("lever-user", 0)

    def get(self, path: str, **query: Any) -> httpx.Response:
        return self.http.get(path, params=query)

    def data(self, path: str, **query: Any) -> Any:
        answer = self.get(path, **query)
        assert answer.status_code == 200, answer.text
        return answer.json()["data"]

    def walk(self, path: str, **query: Any) -> Iterator[Json]:
        """Every row of a list, page by page, as a client that follows the documentation."""
        while True:
            page = self.get(path, **query).json()
            yield from page["data"]
            if not page["hasNext"]:
                return
            query["offset"] = page["next"]

    def act(self, method: str, path: str, body: Json | None = None, **query: Any) -> httpx.Response:
        """A write in the name of the first user."""
        return self.http.request(
            method, path, json=body, params={"perform_as": self.admin, **query}
        )

    def change(self, kind: str, **what: Any) -> Json:
        url = f"{self.sandbox.url}/_sandbox/lever/change"
        answer = httpx.post(url, json={"kind": kind, **what}, timeout=120)
        assert answer.status_code == 200, answer.text
        changed: Json = answer.json()
        return changed


def basic(key: str, password: str = "") -> str:
    return "Basic " + base64.b64encode(f"{key}:{password}".encode()).decode()


def active(lever: Caller) -> Json:
    """The newest opportunity that has an application and is not archived."""
    rows = lever.walk("/opportunities", archived="false", expand="applications")
    return next(row for row in rows if row["applications"] and row["emails"])


def screen(lever: Caller) -> Json:
    shown: Json = httpx.get(f"{lever.sandbox.url}/_sandbox/lever/screen", timeout=120).json()
    return shown


def new_template(lever: Caller, *fields: Json) -> Json:
    answer = lever.http.post("/feedback_templates", json={"text": "Assessment", "fields": fields})
    assert answer.status_code == 201, answer.text
    made: Json = answer.json()["data"]
    return made


def answers(template: Json, *values: Any) -> list[Json]:
    """Values for the template's first fields."""
    return [
        {"id": field["id"], "value": value}
        for field, value in zip(template["fields"], values, strict=False)
    ]


def give(lever: Caller, path: str, template: Json, *values: Any, **more: Any) -> httpx.Response:
    """Feedback on the opportunity at this path."""
    body = {"baseTemplateId": template["id"], "fieldValues": answers(template, *values), **more}
    return lever.act("POST", f"{path}/feedback", body)


def tab(lever: Caller, path: str, name: str) -> list[Json]:
    """The entries of one tab on the opportunity's page."""
    url = f"{lever.sandbox.url}/_sandbox/lever/screen"
    answer = httpx.get(url, params={"application": path.rpartition("/")[2]}, timeout=120)
    assert answer.status_code == 200, answer.text
    shown = {each["name"]: each["entries"] for each in answer.json()["tabs"]}
    assert list(shown) == ["Notes", "Feedback", "Profile Forms", "Links and Tags", "Files"]
    entries: list[Json] = shown[name]
    return entries
