"""The Ashby simulator's orders of assessments: the partner is called when recruiters order one."""

from collections.abc import Awaitable, Callable

from hireloom.sandbox._ashby_assessments import start_assessment
from hireloom.sandbox._ashby_company import Company
from hireloom.sandbox._ashby_people import Application
from hireloom.sandbox._ashby_wire import Json
from hireloom.sandbox.partners import Line, Said

Named = int | str  # an index of the world, or Ashby's id


class Tests:
    """What recruiters do with the partner's tests; orders go by the partner's id of them."""

    def __init__(self, company: Company) -> None:
        self.line = Line()
        self._company = company
        self._names: dict[str, str] = {}  # of the partner's tests, as it listed them

    async def act(self, act: str, what: Json) -> Json:
        acts: dict[str, Callable[..., Awaitable[Json]]] = {
            "connect": self.connect,
            "list": self.list_tests,
            "order": self.order,
            "cancel": self.cancel,
            "result": self.result,
            "calls": self.calls,
        }
        if act not in acts:
            raise ValueError(f"no act {act!r}; there are {', '.join(acts)}")
        return await acts[act](**what)

    async def connect(self, base_url: str, secret_key: str) -> Json:
        """Calls nobody yet."""
        self.line.connect(base_url, secret_key)
        return {"status": None, "answer": None}

    async def calls(self) -> Json:
        """Those that were made so far, newest last."""
        return {"calls": list(self.line.calls)}

    async def list_tests(self) -> Json:
        said = await self.line.call("POST", "assessment.list", {})
        errors = _wrong(said) or _wrong_list(said)
        if not errors:
            tests = said.answer["results"]
            self._names = {test["assessment_type_id"]: test["name"] for test in tests}
        return said.told(errors=errors)

    async def order(
        self, application: Named, package: str, ordered_by: Named | None = None
    ) -> Json:
        """Sent once more where the answer is lost."""
        held = found_application(self._company, application)
        if self._company.status_of(held) in {"Hired", "Archived"}:
            raise ValueError("assessments are for applications that are under way")
        orderer = self._orderer(ordered_by)
        body = {"assessment_type_id": package, **self._about(held)}
        said = await self.line.call("POST", "assessment.start", body)
        if said.status == 0:
            said = await self.line.call("POST", "assessment.start", body)
        key = str(_results(said).get("assessment_id") or "")
        errors = _wrong(said) or self._keep(held, key, package, orderer)
        return said.told(order=None if errors else key, errors=errors)

    def _keep(self, held: Application, key: str, package: str, orderer: str) -> list[str]:
        """Remember an order by the partner's id; one that is known already stays as it is."""
        if not key:
            return ["results.assessment_id is missing"]
        known = self._company.assessments.get(key)
        if known is None:
            about = {"assessment_type_id": package, "assessment_name": self._names.get(package)}
            start_assessment(self._company, held, key, **about, orderedBy=orderer)
        elif known.get("applicationId") != self._company.applications.id(held.index):
            return ["results.assessment_id is that of another application"]
        return []

    async def cancel(self, order: str) -> Json:
        record = self._company.assessments.get(order)
        if record is None:
            raise ValueError(f"there is no assessment {order}")
        if record["status"] in {"complete", "cancelled"}:
            raise ValueError(f"the assessment is {record['status']}")
        said = await self.line.call("POST", "assessment.cancel", {"assessment_id": order})
        errors = _wrong(said)
        if not errors and _results(said).get("assessment_id") != order:
            errors = ["results.assessment_id is not that of the assessment"]
        if not errors:
            record |= {"status": "cancelled", "cancelledInAshby": True}
        return said.told(order=order, errors=errors)

    async def result(self, order: str) -> Json:
        raise ValueError(f"partners send results by themselves, that of {order} too")

    def _about(self, application: Application) -> Json:
        company = self._company
        candidate = company.candidates.at(application.person)
        job = company.jobs.at(application.job)
        if candidate is None or job is None:
            raise ValueError("the application's candidate or job is gone")
        first, _, last = candidate.name.partition(" ")
        resume = candidate.resume
        person = {
            "ashby_id": company.candidates.id(candidate.index),
            "ashby_profile_url": company.profile_url(candidate.index),
            "first_name": first,
            "last_name": last,
            "email": candidate.emails[0][0] if candidate.emails else None,
            "phone": candidate.phones[0][0] if candidate.phones else None,
            "resume_url": None if resume is None else company.files.url(resume),
        }
        return {
            "candidate": {name: value for name, value in person.items() if value is not None},
            "application": {"ashby_id": company.applications.id(application.index)},
            "job": {"ashby_id": company.jobs.id(job.index), "name": job.title},
        }

    def _orderer(self, named: Named | None) -> str:
        if isinstance(named, str) and "@" in named:
            return named
        users = self._company.users
        index = users.index(named) if isinstance(named, str) else named or 0
        user = None if index is None else users.at(index)
        if user is None:
            raise ValueError(f"there is no user {named}")
        return f"{user['firstName']} {user['lastName']}".strip()


def found_application(company: Company, named: Named) -> Application:
    """By Ashby's id, or by its index; ValueError where there is none."""
    text = str(named)
    index = int(text) if text.isdecimal() else company.applications.index(text)
    found = None if index is None else company.applications.at(index)
    if found is None:
        raise ValueError(f"there is no application {named}")
    return found


def _results(said: Said) -> Json:
    results = said.answer.get("results") if isinstance(said.answer, dict) else None
    return results if isinstance(results, dict) else {}


def _wrong(said: Said) -> list[str]:
    if said.status == 0:
        return ["there was no response"]
    if not said.fine:
        return [f"the response has status {said.status}"]
    if not isinstance(said.answer, dict) or said.answer.get("success") is not True:
        return ["the response is not a success"]
    return []


def _wrong_list(said: Said) -> list[str]:
    tests = said.answer.get("results")
    if not isinstance(tests, list) or not all(isinstance(test, dict) for test in tests):
        return ["results is not an array of tests"]
    return [
        f"{field} is missing"
        for field in ("assessment_type_id", "name", "description")
        if not all(isinstance(test.get(field), str) for test in tests)
    ]
