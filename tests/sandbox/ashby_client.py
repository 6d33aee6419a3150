"""A small caller for the tests of the simulated Ashby."""

import base64
from collections.abc import Iterator
from typing import Any

import httpx

from hireloom.sandbox.app import Running

API = "https://api.ashbyhq.com"
FILES = "https://ashby-files.s3.amazonaws.com"
API_KEY = "sandbox-ashby-key"
STAGES = 8  # of each interview plan: seven and the archived one

Json = dict[str, Any]


class Caller:
    """Speaks to the API as the holder of one key."""

    def __init__(self, sandbox: Running, key: str = API_KEY) -> None:
        self.sandbox = sandbox
        self.world = sandbox.app.vendors["ashby"].world
        self.http = httpx.Client(
            base_url=sandbox.origins[API],
            headers={"authorization": basic(key), "user-agent": "Example-Client/1.0"},
            timeout=120,
        )

    def post(self, method: str, **body: Any) -> httpx.Response:
        return self.http.post(f"/{method}", json=body)

    def answer(self, method: str, **body: Any) -> Json:
        """The whole body of an answer with status 200, whether it succeeded or not."""
        response = self.post(method, **body)
        assert response.status_code == 200, response.text
        found: Json = response.json()
        return found

    def results(self, method: str, **body: Any) -> Any:
        answer = self.answer(method, **body)
        assert answer["success"] is True, answer
        return answer["results"]

    def refusal(self, method: str, **body: Any) -> str:
        """The code of a failure, which comes with status 200."""
        answer = self.answer(method, **body)
        assert answer["success"] is False, answer
        assert answer["errors"] == [answer["errorInfo"]["code"]]
        assert answer["errorInfo"]["message"]
        assert answer["errorInfo"]["requestId"]
        code: str = answer["errors"][0]
        return code

    def pages(self, method: str, **body: Any) -> Iterator[Json]:
        """Every page of a list, as a client that follows the documentation."""
        while True:
            page = self.answer(method, **body)
            yield page
            if not page["moreDataAvailable"]:
                return
            body["cursor"] = page["nextCursor"]

    def walk(self, method: str, **body: Any) -> list[Json]:
        return [row for page in self.pages(method, **body) for row in page["results"]]

    def sync_token(self, method: str, **body: Any) -> str:
        """The token at the end of a full listing."""
        last = list(self.pages(method, **body))[-1]
        token: str = last["syncToken"]
        return token

    def change(self, kind: str, **what: Any) -> Json:
        url = f"{self.sandbox.url}/_sandbox/ashby/change"
        response = httpx.post(url, json={"kind": kind, **what}, timeout=120)
        assert response.status_code == 200, response.text
        changed: Json = response.json()
        return changed

    def screen(self) -> Json:
        found: Json = httpx.get(f"{self.sandbox.url}/_sandbox/ashby/screen", timeout=120).json()
        return found

    def id(self, kind: str, index: int) -> str:
        return self.world.uuid(f"ashby-{kind}", index)

    def application(self, **wanted: Any) -> Json:
        """The first application in the list with these values."""
        for row in self.walk("application.list"):
            if all(row[name] == value for name, value in wanted.items()):
                return row
        raise AssertionError(f"no application with {wanted}")

    def stages_of(self, application: Json) -> dict[str, str]:
        """The ids of the stages of an application's plan, by title."""
        plan = application["currentInterviewStage"]["interviewPlanId"]
        found = self.results("interviewStage.list", interviewPlanId=plan)
        return {stage["title"]: stage["id"] for stage in found}


def basic(key: str, password: str = "") -> str:
    return "Basic " + base64.b64encode(f"{key}:{password}".encode()).decode()
