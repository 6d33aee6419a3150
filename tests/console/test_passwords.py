"""New passwords: one's own, changed while logged in, and one that was lost."""

from hireloom.store import audit, operators
from hireloom.store.operators import Operator
from tests.console.conftest import PASSWORD, Console, Visitor

NEW = "nine red foxes running"


async def ada(console: Console) -> Operator:
    async with console.service.desk.pool.acquire() as conn:
        found = await operators.by_name(conn, "ada")
    assert found is not None
    return found[0]


async def actions(console: Console) -> list[tuple[str, dict[str, object]]]:
    async with console.service.desk.pool.acquire() as conn:
        return [(one.action, one.detail) for one in await audit.page(conn)]


async def test_a_password_is_changed_and_other_sessions_end(
    console: Console, admin: Visitor
) -> None:
    async with console.visitor() as phone:
        await phone.log_in("Ada")
        fields = {"password": PASSWORD, "new": NEW, "again": NEW}
        for wrong, said in (
            ({"password": "not the password"}, "The password of now is another one."),
            ({"again": "other"}, "The two passwords differ."),
            ({"new": "short", "again": "short"}, "A password has 12 to 256 characters."),
        ):
            page = await admin.made("/password", fields | wrong, seen_on="/settings")
            assert said in page.text
        still = await phone.get("")

        changed = await admin.made("/password", fields, seen_on="/settings")
        ended, here = await phone.get(""), await admin.get("")
        old, new = await phone.log_in("Ada"), await phone.log_in("Ada", NEW)

    assert "Your password is changed." in changed.text
    assert (still.status_code, ended.status_code, here.status_code) == (200, 303, 200)
    assert (old.status_code, new.status_code) == (403, 303)
    assert "console.password.change" in [action for action, _ in await actions(console)]


async def test_a_lost_password_is_renewed_by_a_link_for_that_person_alone(
    console: Console, admin: Visitor
) -> None:
    who = await ada(console)
    async with console.service.desk.pool.acquire() as conn:
        link = await operators.make_link(conn, "renewal", who.role, "a test", renews=who.id)
        other = await operators.make_link(conn, "renewal", who.role, "a test", renews=who.id)

    async with console.visitor() as visitor:
        for _ in range(6):
            refused = await visitor.log_in("Ada", "not the password")
        page = await visitor.get(f"/start/{link}")
        joined = await visitor.join(link, "Mallory", NEW)
        again = [(await visitor.get(f"/start/{one}")).status_code for one in (link, other)]
        ended = await admin.get("")
        back = await admin.log_in("Ada", NEW)

    async with console.service.desk.pool.acquire() as conn:
        everybody = await operators.every(conn)
    assert refused.status_code == 429
    assert "A new password" in page.text
    assert (joined.status_code, again) == (303, [410, 410])
    assert [(one.id, one.name) for one in everybody] == [(who.id, "Ada")]
    assert (ended.status_code, back.status_code) == (303, 303)
    assert "console.password.renew" in [action for action, _ in await actions(console)]


async def test_failed_logins_are_in_the_audit_without_names_that_nobody_has(
    console: Console, admin: Visitor
) -> None:
    async with console.visitor() as visitor:
        await visitor.log_in("Zebediah", "not the password")
        for _ in range(8):
            await visitor.log_in("Ada", "not the password")
    page = (await admin.get("/audit")).text

    refused = [detail for action, detail in await actions(console) if "refused" in action]
    reasons = [detail["reason"] for detail in refused]
    assert reasons == ["too_often", *["wrong_password"] * 5, "unknown_name"]
    assert {detail.get("name") for detail in refused[:-1]} == {"Ada"}
    assert "Zebediah" not in str(refused)
    assert "console.login.refused" in page
