"""What a vendor's answer means for the account: a success, or which of our errors."""

from dataclasses import dataclass, field

from hireloom.errors import (
    CredentialsInvalidError,
    HireloomError,
    PermissionMissingError,
    UnavailableError,
    UnexpectedAnswerError,
    Upstream,
    UpstreamRateLimitedError,
)
from hireloom.kit.circuit import Circuit
from hireloom.kit.connector import Connector
from hireloom.kit.decode import request_id
from hireloom.kit.limits import Budget
from hireloom.kit.message import Answer, Request
from hireloom.kit.redact import redacted
from hireloom.kit.retries import AgainError, read_retry_after
from hireloom.kit.wire import explained, is_private, judge_link, unsure


@dataclass
class Verdicts:
    """One account's: they block its budget and break its circuit."""

    kind: type[Connector]
    budget: Budget
    circuit: Circuit = field(default_factory=Circuit)
    connector: Connector = field(init=False)

    async def judge(self, answer: Answer) -> None:
        """Return when the answer is a success; raise what it means when it is not."""
        if not answer.request.signed:
            judge_link(answer, self._host_of(answer.request))
            return
        if answer.status == 429:
            after = read_retry_after(answer.headers)
            await self.budget.block(after if after is not None else 1.0)
            raise AgainError(self.too_many(after, answer), after)
        if answer.status >= 500:
            raise self._unavailable(answer)
        if 300 <= answer.status < 400:
            raise UnexpectedAnswerError(
                f"{self.kind.title} redirected {answer.request.template} instead of answering",
                upstream=Upstream(status=answer.status),
            )
        self.circuit.succeed()
        if refusal := self.connector.refusal(answer):
            raise self._explained(refusal, answer)

    def judge_token(self, answer: Answer) -> None:
        """The same of the answer to a request for a token."""
        if answer.status >= 500 or answer.status == 429:
            error = UnavailableError(
                f"{self.kind.title} gives no token now ({answer.status})",
                upstream=Upstream(status=answer.status),
                retry_after=read_retry_after(answer.headers) or 30.0,
            )
            raise AgainError(error, read_retry_after(answer.headers))
        if answer.status >= 400:
            raise CredentialsInvalidError(
                f"{self.kind.title} does not accept the credentials of this account",
                upstream=Upstream(status=answer.status, request_id=request_id(answer)),
            )

    def failed(
        self, request: Request, failure: Exception, *, counted: bool
    ) -> AgainError | HireloomError:
        """What it means that no answer came."""
        if counted and not is_private(failure):
            self.circuit.fail()
        return explained(request, failure, self.kind.title if counted else self._host_of(request))

    def too_many(self, after: float | None, answer: Answer | None = None) -> HireloomError:
        status = None if answer is None else Upstream(status=429, request_id=request_id(answer))
        return UpstreamRateLimitedError(
            f"{self.kind.title} limits the calls of this account and the wait is too long",
            retry_after=max(1.0, after if after is not None else 10.0),
            upstream=status,
        )

    def _unavailable(self, answer: Answer) -> AgainError | HireloomError:
        failure = UnavailableError(
            f"{self.kind.title} answered {answer.status} to {answer.request.template}",
            upstream=Upstream(status=answer.status, request_id=request_id(answer)),
            retry_after=read_retry_after(answer.headers) or 30.0,
        )
        self.circuit.fail()
        if answer.request.repeatable or answer.status == 503:
            return AgainError(failure, read_retry_after(answer.headers))
        return unsure(answer.request, failure)

    def _explained(self, refusal: HireloomError, answer: Answer) -> HireloomError:
        words = redacted(self.connector.message(answer), answer.request)
        refusal.upstream = Upstream(
            status=answer.status, request_id=request_id(answer), body=words or None
        )
        if isinstance(refusal, CredentialsInvalidError | PermissionMissingError):
            refusal.detail = answer.request.template
        if isinstance(refusal, PermissionMissingError):
            refusal.permission = self.connector.permission(answer.request)
        return refusal

    def _host_of(self, request: Request) -> str:
        """Who answers an unsigned call."""
        return self.kind.title if request.homes else "The file's host"
