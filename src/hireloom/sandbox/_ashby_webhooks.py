"""The Ashby simulator's calls for webhooks."""

from collections.abc import Mapping

from hireloom.sandbox._ashby_company import Company
from hireloom.sandbox._ashby_hooks import EVENTS
from hireloom.sandbox._ashby_lists import Method
from hireloom.sandbox._ashby_wire import Call, Json, Refusal, done, invalid, missing
from hireloom.sandbox.hooks import is_address

WRITE = "apiKeys:write"


async def create_webhook(company: Company, call: Call) -> Json:
    """Refused when the address does not answer the ping."""
    event, url = call.must_text("webhookType"), _address(call.must_text("requestUrl"))
    if event not in EVENTS:
        raise invalid(f"webhookType must be one of {', '.join(EVENTS)}")
    made = await company.hooks.create(event, url, call.text("secretToken"))
    if made is None:
        raise Refusal("webhook_ping_failed", "The address did not answer the ping with a 2xx")
    company.show("webhooks", {"act": "create", **made})
    return done(made)


def update_webhook(company: Company, call: Call) -> Json:
    hook = _hook(company, call)
    url, secret = call.text("requestUrl"), call.text("secretToken")
    if "enabled" in call.body:
        hook["enabled"] = call.flag("enabled")
    if url is not None:
        hook["requestUrl"] = _address(url)
    if secret is not None:
        hook["secretToken"] = secret
    return done(hook)


def delete_webhook(company: Company, call: Call) -> Json:
    hook = _hook(company, call)
    del company.hooks.held[hook["id"]]
    return done({"webhookId": hook["id"]})


def webhook_info(company: Company, call: Call) -> Json:
    return done(_hook(company, call))


def _hook(company: Company, call: Call) -> Json:
    hook = company.hooks.held.get(call.must_uuid("webhookId"))
    if hook is None:
        raise missing("webhook")
    return hook


def _address(url: str) -> str:
    if not is_address(url):
        raise invalid("requestUrl must be an https address")
    return url


METHODS: Mapping[str, Method] = {
    "webhook.create": Method(create_webhook, WRITE),
    "webhook.update": Method(update_webhook, WRITE),
    "webhook.delete": Method(delete_webhook, WRITE),
    "webhook.info": Method(webhook_info, "apiKeys:read"),
}
