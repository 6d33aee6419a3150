"""Tests that are ordered inside an ATS: packages, and the access of those who order."""

from hireloom.scores import orders as results
from hireloom.store import audit
from tests.pier import PERSON, Pierside

# Packages.


async def test_a_package_for_all_is_in_the_vendor_s_list_until_it_is_withdrawn(
    pier: Pierside,
) -> None:
    before = (await pier.call("GET", "tests")).json()
    gone = await pier.ask_for_all("assessment.package.delete", packageId="java")
    after = (await pier.call("GET", "tests")).json()
    await pier.ask_for_all("assessment.package.put", packageId="java", name="Java again")
    again = (await pier.call("GET", "tests")).json()

    assert before == {"tests": [{"id": "java", "name": "Java"}]}
    assert gone == {"packageId": "java", "deleted": True, "openOrders": 0}
    assert after == {"tests": []}
    assert again == {"tests": [{"id": "java", "name": "Java again"}]}


async def test_an_account_s_own_package_stands_before_the_one_for_all(pier: Pierside) -> None:
    await pier.ask("assessment.package.put", packageId="java", name="Java for us")
    await pier.ask("assessment.package.put", packageId="sql", name="SQL for us")

    own = await pier.look("assessment.package.list")
    general = await pier.service.get("assessment.package.list")
    offered = (await pier.call("GET", "tests")).json()["tests"]

    assert [(one["packageId"], one["integrationId"]) for one in own["packages"]] == [
        ("java", pier.integration),
        ("sql", pier.integration),
    ]
    assert [one["name"] for one in general.json()["data"]["packages"]] == ["Java"]
    assert [one["name"] for one in offered] == ["Java for us", "SQL for us"]


async def test_a_withdrawn_package_is_listed_where_that_is_asked_for(pier: Pierside) -> None:
    await pier.ask_for_all("assessment.package.delete", packageId="java")

    usual = await pier.look("assessment.package.list")
    with_withdrawn = await pier.look("assessment.package.list", withdrawn="true")

    assert usual["packages"] == []
    assert with_withdrawn["packages"][0]["withdrawnAt"] is not None


async def test_withdrawing_says_how_many_orders_still_wait(pier: Pierside) -> None:
    await pier.ordered()
    await pier.ordered(application_id="78")

    gone = await pier.ask_for_all("assessment.package.delete", packageId="java")

    assert gone["openOrders"] == 2


async def test_only_what_there_is_can_be_withdrawn_and_only_accounts_can_be_named(
    pier: Pierside,
) -> None:
    of_account = await pier.refused("assessment.package.delete", packageId="java")
    nowhere = await pier.service.post(
        "assessment.package.put", "int_none", {"packageId": "x", "name": "X"}
    )

    assert of_account["code"] == "resource.not_found"
    assert nowhere.json()["error"]["code"] == "integration.not_found"


async def test_an_idempotency_key_of_one_account_does_not_answer_for_another(
    pier: Pierside,
) -> None:
    body, again = {"packageId": "go", "name": "Go"}, {"Idempotency-Key": "k-1"}

    first = await pier.service.post("assessment.package.put", body=body, headers=again)
    other = await pier.service.post("assessment.package.put", pier.integration, body, headers=again)

    assert first.status_code == 200
    assert other.json()["error"]["code"] == "idempotency.mismatch"


# Partner access.


async def test_the_access_shows_its_key_once_and_the_vendor_s_steps_filled_in(
    pier: Pierside,
) -> None:
    again = await pier.ask("assessment.partner.create")
    listed = await pier.look("assessment.partner.list")

    assert pier.base_url.startswith(f"{pier.service.url}/partner/pier/")
    assert 20 < len(pier.key) < 171
    assert again["secretKey"] is None
    assert again["baseUrl"] == pier.base_url
    assert "HIRELOOM_PUBLIC_URL" in again["steps"][0]
    assert again["steps"][1] == f"Enter {pier.base_url} as the address of the tests."
    assert [one["baseUrl"] for one in listed["partners"]] == [pier.base_url]


async def test_a_vendor_that_orders_no_tests_has_no_access(pier: Pierside) -> None:
    lever = await pier.service.connect("lever")

    answer = await pier.service.post("assessment.partner.create", lever)

    assert answer.json()["error"]["code"] == "operation.not_supported"


async def test_a_wrong_key_is_401_and_an_unknown_address_404(pier: Pierside) -> None:
    wrong = await pier.call("GET", "tests", key="not-the-key")
    none = await pier.service.http.get(f"{pier.base_url}/tests")
    no_basic = await pier.service.http.get(
        f"{pier.base_url}/tests", headers={"Authorization": "Basic %%%"}
    )
    right = pier.base_url
    answers = []
    for address in (
        f"{right}x",
        right.replace("/pier/", "/lever/"),
        right.replace(pier.integration, "int_none"),
        right.replace(pier.integration, "int_%00"),
        f"{right[:-1]}%C3%A9",
    ):
        pier.base_url = address
        answers.append(await pier.call("GET", "tests"))

    for answer in (wrong, none, no_basic):
        assert answer.status_code == 401
        assert answer.headers["WWW-Authenticate"].startswith("Basic realm=")
        assert "wrong" in answer.json()
    assert {answer.status_code for answer in answers} == {404}
    assert {answer.json()["error"]["code"] for answer in answers} == {"resource.not_found"}


async def test_one_address_serves_all_accounts_of_a_vendor_by_their_keys(pier: Pierside) -> None:
    own, order = pier.base_url, await pier.ordered()
    shared = (await pier.ask("assessment.partner.create"))["sharedUrl"]

    async def at(app: str, key: str) -> int:
        pier.base_url = shared.replace("/pier/", f"/{app}/")
        return (await pier.call("GET", f"orders/{order}", key=key)).status_code

    assert await at("pier", pier.key) == 200
    assert await at("pier", f"{pier.key}x") == 401
    assert await at("pier", pier.key.replace("int_", "int_x")) == 401
    assert await at("pier", own.rpartition("/")[2]) == 401
    assert await at("pier", "\0.\0") == 401
    assert await at("lever", pier.key) == 404
    assert await at("nobody", pier.key) == 404


async def test_after_a_rotation_both_keys_are_valid_for_a_day(pier: Pierside) -> None:
    old = pier.key
    made = await pier.enter(rotate=True)

    with_old = await pier.call("GET", "tests", key=old)
    with_new = await pier.call("GET", "tests")
    await pier.service.desk.pool.execute(
        "update assessment_partners set previous_until = now() - interval '1 second'"
    )
    next_day = await pier.call("GET", "tests", key=old)

    assert made["secretKey"] not in {None, old}
    assert (with_old.status_code, with_new.status_code, next_day.status_code) == (200, 200, 401)


async def test_calls_back_carry_the_old_key_until_the_vendor_has_used_the_new_one(
    pier: Pierside,
) -> None:
    order, old = await pier.ordered(), pier.key
    await pier.enter(rotate=True)
    account = await pier.service.desk.accounts.open(pier.integration)

    async def key() -> str:
        async with pier.service.desk.pool.acquire() as conn:
            opened = await results.open_order(
                conn, account.data_key, account.id, order, external_id=None
            )
        return opened.key

    before = await key()
    await pier.call("GET", "tests")

    assert (before, await key()) == (old, pier.key)


async def test_without_its_access_an_account_can_order_nothing(pier: Pierside) -> None:
    gone = await pier.ask("assessment.partner.delete")
    twice = await pier.ask("assessment.partner.delete")

    assert (gone["deleted"], twice["deleted"]) == (True, False)
    assert (await pier.order()).status_code == 404
    assert (await pier.look("assessment.partner.list"))["partners"] == []


async def test_a_deactivated_account_refuses_in_the_vendor_s_words(pier: Pierside) -> None:
    await pier.ask("integration.deactivate")

    answer = await pier.order()

    assert answer.status_code == 422
    assert "deactivated" in answer.json()["wrong"]


async def test_a_body_that_is_too_long_and_a_defect_of_ours_are_answered(pier: Pierside) -> None:
    long = await pier.call("POST", "orders", {"test": "x" * 5_000_000})
    wrecked = await pier.call("POST", "wreck")
    unknown = await pier.call("GET", "elsewhere")
    put = await pier.call("PUT", "orders")

    assert long.status_code == 413
    assert (wrecked.status_code, "wrong" in wrecked.json()) == (500, True)
    assert (unknown.status_code, unknown.json()) == (422, {"wrong": "Pier has no call elsewhere"})
    assert put.status_code == 405


async def test_calls_are_in_the_log_and_changes_in_the_audit(pier: Pierside) -> None:
    order = await pier.ordered(person=PERSON)
    await pier.call("GET", "tests", key="wrong")
    await pier.ask("assessment.order.cancel", orderId=order)

    await pier.service.desk.ledger.flush()
    calls = await pier.service.desk.pool.fetch(
        "select * from calls where operation = '(partner call)' order by at"
    )
    async with pier.service.desk.pool.acquire() as conn:
        actions = [entry.action for entry in await audit.page(conn)]

    assert [(row["status"], row["code"]) for row in calls] == [(200, None), (401, "key.invalid")]
    assert {row["integration_id"] for row in calls} == {pier.integration}
    assert {
        "assessment.package.put",
        "assessment.partner.create",
        "assessment.order.cancel",
    } <= set(actions)
