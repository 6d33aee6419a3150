"""Subscribing to the Lever simulator's webhooks."""

from hireloom.sandbox._lever_account import Account
from hireloom.sandbox._lever_body import mapping, needed, rows
from hireloom.sandbox._lever_calls import Answer, Call, not_found
from hireloom.sandbox._lever_hooks import check_url
from hireloom.sandbox._lever_shelf import Json


def webhooks(account: Account, call: Call) -> Answer:
    """Not paged."""
    return Answer(body={"data": account.hooks.shown()})


def create_webhook(account: Account, call: Call) -> Answer:
    event, url = needed(call.body, "event"), needed(call.body, "url")
    made = account.hooks.subscribe(event, url, mapping(call.body, "configuration"))
    return Answer(status=201, body={"data": made})


def update_webhooks(account: Account, call: Call) -> Answer:
    """On the collection, several at once."""
    known = account.hooks.subscriptions
    wanted = rows(call.body, "data")
    for one in wanted:
        if one.get("id") not in known:
            raise not_found("webhook")
        if "url" in one:
            check_url(needed(one, "url"))
    for one in wanted:
        _update(known[one["id"]], one, account.now())
    ids = {one["id"] for one in wanted}
    return Answer(body={"data": [row for row in account.hooks.shown() if row["id"] in ids]})


def _update(record: Json, wanted: Json, now: int) -> None:
    record["url"] = wanted.get("url", record["url"])
    record["updatedAt"] = now
    conditions = mapping(mapping(wanted, "configuration"), "conditions")
    record["configuration"]["conditions"] |= conditions


def delete_webhook(account: Account, call: Call) -> Answer:
    if account.hooks.subscriptions.pop(call.ids[0], None) is None:
        raise not_found("webhook")
    return Answer(status=204)
