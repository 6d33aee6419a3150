"""The order that a score answers: opened before the push, and told afterwards what became of it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import asyncpg
import msgspec

from hireloom.accounts import Account
from hireloom.errors import HireloomError, RequestInvalidError
from hireloom.kit import OpenOrder
from hireloom.models import ScoreChannel, ScoreDraft, ScoreReceipt
from hireloom.scores import orders
from hireloom.store.orders import Order

OTHER = "the order is about another one; leave it out, the order knows whom it is about"


@dataclass
class Answer:
    """An order with a result on its way. `settle` says that the result arrived somewhere."""

    pool: asyncpg.Pool
    account: Account
    stored: Order
    open: OpenOrder
    is_settled: bool = field(default=False, init=False)

    def named(self, score: ScoreDraft) -> ScoreDraft:
        """The score with the application and the candidate of its order."""
        for name, path in (("application_id", "applicationId"), ("candidate_id", "candidateId")):
            sent, known = getattr(score, name), getattr(self.stored, name)
            if sent and known and sent != known:
                raise RequestInvalidError.at(path, OTHER)
        return msgspec.structs.replace(
            score,
            application_id=score.application_id or self.stored.application_id,
            candidate_id=score.candidate_id or self.stored.candidate_id,
        )

    async def settle(self, score: ScoreDraft, receipt: ScoreReceipt) -> None:
        """The order is answered only where the ATS has it as its answer: a note leaves it open."""
        if receipt.channel is not ScoreChannel.NATIVE_ASSESSMENT:
            return
        partner = self.account.integration.connector.partner
        async with self.pool.acquire() as conn, conn.transaction():
            await orders.completed(
                conn,
                self.account.data_key,
                self.account.id,
                self.stored.id,
                score,
                fetches_results=partner is not None and partner.fetches_results,
            )
        self.is_settled = True

    async def give_back(self) -> None:
        async with self.pool.acquire() as conn, conn.transaction():
            await orders.given_back(conn, self.account.id, self.stored.id)


async def peek(pool: asyncpg.Pool, account: Account, score: ScoreDraft) -> Answer | None:
    """The order of a score, without taking anything of it; None where the score names none.

    Raises ResourceNotFoundError, and ConflictError for one that is closed.
    """
    if score.order_id is None:
        return None
    async with pool.acquire() as conn:
        stored = await orders.order_of(conn, account.id, score.order_id)
        opened = await orders.open_order(
            conn, account.data_key, account.id, score.order_id, external_id=score.external_id
        )
    return Answer(pool, account, stored, opened)


@asynccontextmanager
async def answering(
    pool: asyncpg.Pool, account: Account, score: ScoreDraft
) -> AsyncIterator[Answer | None]:
    """Hold the result for an ATS that fetches it while it is told; give it back where it is not."""
    answer = await peek(pool, account, score)
    if answer is None:
        yield None
        return
    async with pool.acquire() as conn, conn.transaction():
        await orders.hold_result(
            conn, account.data_key, account.id, answer.stored.id, answer.named(score)
        )
    try:
        yield answer
    except HireloomError as error:
        if not error.may_have_arrived:  # else the ATS may be on its way to fetch it
            await answer.give_back()
        raise
    if not answer.is_settled:
        await answer.give_back()
