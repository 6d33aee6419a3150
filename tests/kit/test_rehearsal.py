"""A dry run reads for real, writes nothing, and shows what it would have written."""

import pytest

from hireloom.kit.message import Part, Request, path
from hireloom.kit.rehearsal import Rehearsal, shown
from tests.kit.conftest import Way
from tests.kit.harbor import SHIP, Harbor, Ship, Vendor, says


class BusyHarbor(Harbor):
    """Its writes take a read before and use what they made."""

    async def refit(self) -> Ship:
        known = await self.get_ship("7")
        made = await self.create_ship(f"{known.name} II")
        await self.delete(path("/ships/{}/crew", str(made.id)))
        return made


async def test_reads_are_made_and_writes_are_kept(way: Way, vendor: Vendor) -> None:
    vendor.script(says(SHIP))
    live = way.to(BusyHarbor)
    rehearsal = Rehearsal(live.channel)

    made = await BusyHarbor(rehearsal).refit()

    assert [call.method for call in vendor.calls] == ["GET"]
    assert [(write.method, write.template) for write in rehearsal.writes] == [
        ("POST", "/ships"),
        ("DELETE", "/ships/{}/crew"),
    ]
    assert made.name == "<from the answer.name>"


async def test_reading_by_post_is_reading(way: Way, vendor: Vendor) -> None:
    vendor.script(says(SHIP))
    rehearsal = Rehearsal(way.to(Harbor).channel)

    ship = await Harbor(rehearsal).ask("/ships.info", {"id": 7}, Ship)

    assert ship.name == "Aurora"
    assert rehearsal.writes == []


async def test_a_file_is_read_for_real(way: Way, vendor: Vendor) -> None:
    vendor.script(says(SHIP))
    rehearsal = Rehearsal(way.to(Harbor).channel)

    stream = await Harbor(rehearsal).open("/files/1")

    assert stream.status == 200
    _ = [chunk async for chunk in stream.chunks]


@pytest.mark.parametrize(
    ("request_", "view"),
    [
        (
            Request(
                "POST",
                "https://x.example/a",
                params=(("as", "me"),),
                headers={"Authorization": "Bearer secret", "X-Key": "secret"},
                body=b'{"a":1}',
                content_type="application/json",
            ),
            {
                "method": "POST",
                "url": "https://x.example/a?as=me",
                "contentType": "application/json",
                "body": {"a": 1},
            },
        ),
        (
            Request("PUT", "https://x.example", body=b"\xff", content_type="text/plain"),
            {
                "method": "PUT",
                "url": "https://x.example",
                "contentType": "text/plain",
                "body": "\ufffd",
            },
        ),
        (
            Request("POST", "https://x.example", parts=(Part("cv", b"1234", "cv.pdf", "a/pdf"),)),
            {
                "method": "POST",
                "url": "https://x.example",
                "contentType": "multipart/form-data",
                "parts": [{"name": "cv", "filename": "cv.pdf", "contentType": "a/pdf", "bytes": 4}],
            },
        ),
        (Request("DELETE", "https://x.example"), {"method": "DELETE", "url": "https://x.example"}),
    ],
)
def test_a_write_is_shown_without_credentials(request_: Request, view: dict[str, object]) -> None:
    assert shown(request_) == view
    assert "secret" not in repr(shown(request_))
