"""What is told of an account's calls: a line of the log of each, all of it to who captures them."""

from dataclasses import dataclass

import aiohttp

from hireloom.errors import HireloomError
from hireloom.kit.convert import to_count
from hireloom.kit.message import Request
from hireloom.kit.ports import CallReport, Exchange, Report, Witness
from hireloom.kit.trip import current
from hireloom.kit.wire import lower


@dataclass(frozen=True)
class Reporter:
    integration_id: str
    connector: str
    report: Report
    witness: Witness

    def called(
        self,
        request: Request,
        response: aiohttp.ClientResponse | None,
        seconds: float,
        error: HireloomError | None,
    ) -> None:
        """The head of an answer is there, or none will come."""
        length = response.headers.get("Content-Length", "") if response is not None else ""
        self.report(
            CallReport(
                integration_id=self.integration_id,
                connector=self.connector,
                execution_id=current().execution_id,
                method=request.method,
                template=request.template,
                status=None if response is None else response.status,
                seconds=seconds,
                size=to_count(length) or 0,
                code=None if error is None else error.code,
            )
        )
        if response is None:
            self._show(request, None, {}, None, error)

    def answered(
        self, request: Request, response: aiohttp.ClientResponse, body: bytes | None
    ) -> None:
        """The body is there; None: it streams past, or broke off."""
        if self.witness.wants(self.integration_id):
            self._show(request, response.status, lower(response.headers), body, None)

    def _show(
        self,
        request: Request,
        status: int | None,
        headers: dict[str, str],
        body: bytes | None,
        error: HireloomError | None,
    ) -> None:
        if not self.witness.wants(self.integration_id):
            return
        self.witness.saw(
            Exchange(
                integration_id=self.integration_id,
                direction="out",
                execution_id=current().execution_id,
                operation=request.template,
                request=request,
                status=status,
                headers=headers,
                body=body,
                code=None if error is None else error.code,
            )
        )
