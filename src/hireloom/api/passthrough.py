"""Passthrough: any request of the vendor's own API, with the account's credentials added."""

from hireloom import kit
from hireloom.api.desk import Call
from hireloom.api.operation import Scope, operation
from hireloom.errors import UnexpectedAnswerError
from hireloom.kit import Integration
from hireloom.kit.message import Rehearsed
from hireloom.kit.passthrough import HIDDEN_ANSWER_HEADERS, request, shown_body
from hireloom.models import Download, Passed, PassedAnswer, PassthroughRequest

BINARY = "application/octet-stream"


@operation(
    "passthrough",
    scope=Scope.PASSTHROUGH,
    example={"method": "GET", "path": "/users", "params": {"per_page": 1}},
)
async def pass_through(
    call: Call, integration: Integration, wanted: PassthroughRequest
) -> Passed | Download:
    """Make a call of the vendor's own API; credentials are added here and never shown.

    `path` is relative to the vendor's base address. With `Accept: application/octet-stream` the
    body streams through as it is; the vendor's status is in `X-Upstream-Status`.
    """
    connector = integration.connector
    asked = request(
        connector.addresses,
        connector.headers,
        method=wanted.method,
        path=wanted.path,
        base_url=wanted.base_url,
        params=wanted.params,
        headers=wanted.headers,
        # A vendor that reads by POST wants a body even where there is nothing to say.
        body={} if wanted.body is None and reads_by_post(connector) else wanted.body,
        content_type=wanted.content_type,
    )
    if BINARY in call.accept:
        return await _streamed(integration, asked)
    answer = await connector.channel.send(asked)
    if isinstance(answer, Rehearsed):
        raise UnexpectedAnswerError("A passthrough call cannot be rehearsed")
    body, encoding = shown_body(answer.body, answer.content_type)
    headers = {
        name: value for name, value in answer.headers.items() if name not in HIDDEN_ANSWER_HEADERS
    }
    return Passed(
        response=PassedAnswer(
            status=answer.status, headers=headers, body=body, body_encoding=encoding
        )
    )


def reads_by_post(connector: kit.Connector) -> bool:
    return isinstance(connector.paging, kit.CursorPaging) and connector.paging.in_body


async def _streamed(integration: Integration, asked: kit.Request) -> Download:
    stream = await integration.connector.channel.stream(asked)
    return Download(
        chunks=stream.chunks,
        name=None,
        content_type=stream.content_type,
        size=stream.size,
        status=stream.status,
    )
