"""Greenhouse: take-home tests that recruiters order from a partner, who is called for them.

The partner serves `list_tests`, `send_test`, `test_status` and `response_error`. When a test is
done it sends PATCH to the address that came with the order, and Greenhouse asks for the status.
"""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

import msgspec

from hireloom.sandbox import _greenhouse_auth as auth
from hireloom.sandbox._greenhouse_numbers import number
from hireloom.sandbox._greenhouse_query import stamp
from hireloom.sandbox._greenhouse_shelf import Shelf
from hireloom.sandbox.partners import Line, Said

Record = dict[str, Any]

APP = "https://app.greenhouse.io"
PATH = "integrations/testing_partners/take_home_tests"
FIRST = 7_000_001
LONGEST_KEY = 170
SERVICE_USER = 1


class Order(msgspec.Struct, kw_only=True):
    """One test that was ordered; `interview` is the partner's own id of it."""

    key: int
    application: int
    package: str
    name: str | None
    ordered_by: str
    ordered_at: str
    interview: str | None = None
    status: str = "not sent"
    changed_at: str
    result: Record = {}
    errors: list[str] = []


class Tests:
    """What recruiters do with the partner's tests."""

    def __init__(self, shelf: Shelf, now: Callable[[], datetime]) -> None:
        self.line = Line()
        self.orders: dict[int, Order] = {}
        self._shelf = shelf
        self._now = now
        self._names: dict[str, str] = {}  # of the partner's tests, as it listed them

    def clear(self) -> None:
        self.line.forget()
        self.orders.clear()
        self._names.clear()

    async def act(self, act: str, what: Record) -> Record:
        acts: dict[str, Callable[..., Awaitable[Record]]] = {
            "connect": self.connect,
            "list": self.list_tests,
            "order": self.order,
            "result": self.result,
            "cancel": self.cancel,
            "calls": self.calls,
        }
        if act not in acts:
            raise ValueError(f"no act {act!r}; there are {', '.join(acts)}")
        return await acts[act](**what)

    async def connect(self, base_url: str, secret_key: str) -> Record:
        """Calls nobody yet."""
        if len(secret_key) > LONGEST_KEY:
            raise ValueError(f"secret_key has more than {LONGEST_KEY} characters")
        self.line.connect(base_url, secret_key)
        return {"status": None, "answer": None}

    async def calls(self) -> Record:
        """Those that were made so far, newest last."""
        return {"calls": list(self.line.calls)}

    async def list_tests(self) -> Record:
        said = await self.line.call("GET", "list_tests")
        errors = _wrong_list(said)
        if not errors:
            self._names = {
                str(test["partner_test_id"]): test["partner_test_name"] for test in said.answer
            }
        await self._complain("list_tests", said, errors, {})
        return said.told(errors=errors)

    async def order(
        self, application: int | str, package: str, ordered_by: int | str | None = None
    ) -> Record:
        """Of a test by the partner's id of it; `ordered_by` is a user, or an email address."""
        held = self._active(int(application))
        candidate = self._shelf.get("candidates", held["candidate_id"])
        at = stamp(self._now())
        order = Order(
            key=FIRST + len(self.orders),
            application=held["id"],
            package=package,
            name=self._names.get(package),
            ordered_by=self._sender(held, ordered_by),
            ordered_at=at,
            changed_at=at,
        )
        self.orders[order.key] = order
        body = {
            "partner_test_id": package,
            "candidate": self._person(candidate, held["id"]),
            "sent_by": order.ordered_by,
            "url": f"{APP}/{PATH}/{order.key}",
        }
        said = await self.line.call("POST", "send_test", body)
        order.errors = _wrong_order(said)
        if not order.errors:
            order.interview = str(said.answer["partner_interview_id"])
            order.status = "sent"
        await self._complain("send_test", said, order.errors, self._about(order))
        made = None if order.interview is None else str(order.key)
        return said.told(order=made, errors=order.errors)

    async def result(self, order: int | str) -> Record:
        """Ask for the status now, whether or not the partner said that there is one."""
        found = self.orders.get(int(order))
        if found is None or found.interview is None:
            raise ValueError(f"there is no order {order}")
        self._active(found.application)
        return await self.fetch(found)

    async def cancel(self, order: int | str) -> Record:
        raise ValueError(f"partners are not told of it when order {order} is given up")

    async def fetch(self, order: Order) -> Record:
        """Ask the partner how a test stands, and keep what it says if it is as it should be."""
        asked = {"partner_interview_id": str(order.interview)}
        said = await self.line.call("GET", "test_status", query=asked)
        order.errors = _wrong_status(said)
        if not order.errors:
            order.status = said.answer["partner_status"]
            order.result = said.answer
            order.changed_at = stamp(self._now())
        await self._complain("test_status", said, order.errors, self._about(order))
        return said.told(order=str(order.key), errors=order.errors)

    def is_active(self, order: Order) -> bool:
        held = self._shelf.find("applications", order.application)
        return held is not None and held["status"] == "in_process"

    def of(self, application: int) -> list[Order]:
        return [order for order in self.orders.values() if order.application == application]

    def _active(self, application: int) -> Record:
        """Tests are for people who are under way to a job."""
        held = self._shelf.find("applications", application)
        if held is None:
            raise ValueError(f"there is no application {application}")
        if held["status"] != "in_process" or held["prospect"]:
            raise ValueError("tests are for active candidates who are not hired")
        return held

    def _sender(self, application: Record, named: int | str | None) -> str:
        if isinstance(named, str) and "@" in named:
            return named
        wanted = named or application["recruiter_id"] or number("users", SERVICE_USER)
        user = self._shelf.find("users", int(wanted))
        if user is None:
            raise ValueError(f"there is no user {named}")
        return str(user["primary_email"])

    def _person(self, candidate: Record, application: int) -> Record:
        files = self._shelf.rows("attachments", application_ids=application)
        resumes = [file for file in files if file["type"] == "resume"]
        resume = auth.file_url(resumes[0]["id"], resumes[0]["filename"]) if resumes else None
        return {
            "first_name": candidate["first_name"],
            "last_name": candidate["last_name"],
            "preferred_name": candidate["preferred_name"],
            "resume_url": resume,
            "phone_number": _first(candidate["phone_numbers"]),
            "email": _first(candidate["email_addresses"]),
            "greenhouse_profile_url": (
                f"{APP}/people/{candidate['id']}?application_id={application}"
            ),
        }

    def _about(self, order: Order) -> Record:
        held = self._shelf.find("applications", order.application) or {}
        person = self._shelf.find("candidates", held.get("candidate_id")) or {}
        about = {
            "partner_test_id": order.package,
            "partner_test_name": order.name,
            "partner_interview_id": order.interview,
            "candidate_email": _first(person.get("email_addresses") or []),
        }
        return {name: value for name, value in about.items() if value is not None}

    async def _complain(self, call: str, said: Said, errors: list[str], about: Record) -> None:
        """Tell the partner what was wrong with its answer, if there was one."""
        if errors and said.status:
            body = {"api_call": call, "errors": errors, **about}
            await self.line.call("POST", "response_error", body)


def _first(values: list[Record]) -> str | None:
    return str(values[0]["value"]) if values else None


def _refused(said: Said) -> list[str]:
    if said.status == 0:
        return ["there was no response"]
    return [] if said.fine else [f"the response has status {said.status}"]


def _wrong_list(said: Said) -> list[str]:
    if refused := _refused(said):
        return refused
    tests = said.answer
    if not isinstance(tests, list) or not all(isinstance(test, dict) for test in tests):
        return ["the response is not an array of tests"]
    return [
        f"{field} is missing"
        for field in ("partner_test_id", "partner_test_name")
        if not all(isinstance(test.get(field), str) and test[field] for test in tests)
    ]


def _wrong_order(said: Said) -> list[str]:
    if refused := _refused(said):
        return refused
    key = said.answer.get("partner_interview_id") if isinstance(said.answer, dict) else None
    is_key = isinstance(key, str | int) and not isinstance(key, bool) and key != ""
    return [] if is_key else ["partner_interview_id is missing"]


def _wrong_status(said: Said) -> list[str]:
    """Everything that is wrong with an answer to `test_status`."""
    if refused := _refused(said):
        return refused
    if not isinstance(said.answer, dict):
        return ["the response is not an object"]
    status, url = said.answer.get("partner_status"), said.answer.get("partner_profile_url")
    score, metadata = said.answer.get("partner_score"), said.answer.get("metadata")
    errors = []
    if not isinstance(status, str) or not status:
        errors.append("partner_status is missing")
    if status == "complete" and not url:
        errors.append("partner_status is 'complete' but partner_profile_url is missing")
    if url and not str(url).startswith(("http://", "https://")):
        errors.append("partner_profile_url is not a URL")
    if score is not None and (isinstance(score, bool) or not isinstance(score, int | float)):
        errors.append("partner_score is not numeric")
    return errors + _wrong_metadata(metadata)


def _wrong_metadata(metadata: Any) -> list[str]:
    if metadata is None:
        return []
    if not isinstance(metadata, dict):
        return ["metadata is not an object"]
    nested = [key for key, value in metadata.items() if isinstance(value, dict | list)]
    return [f"metadata '{key}' is not a primitive value" for key in nested]
