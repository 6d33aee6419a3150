"""The limit: fetch with aiohttp and parse with orjson, and nothing else."""

import sys
import time
from array import array

import aiohttp
import orjson
import uvloop

from benchmarks.rivals import contract


async def extract(base_url: str, ids: "array[int]") -> float:
    """Read every application; return the seconds."""
    async with aiohttp.ClientSession() as session:
        started = time.monotonic()
        login = aiohttp.encode_basic_auth(contract.CLIENT_ID, contract.CLIENT_SECRET)
        headers = {"Authorization": login}
        form = {"grant_type": "client_credentials"}
        async with session.post(f"{base_url}/token", data=form, headers=headers) as response:
            token = orjson.loads(await response.read())["access_token"]
        headers = {"Authorization": f"Bearer {token}"}
        url: str | None = f"{base_url}/v3/applications?per_page={contract.PAGE_SIZE}"
        while url:
            async with session.get(url, headers=headers) as response:
                response.raise_for_status()
                page = orjson.loads(await response.read())
                following = response.links.get("next")
            url = str(following["url"]) if following else None
            ids.extend([record["id"] for record in page])
        return time.monotonic() - started


def main(arguments: list[str]) -> None:
    """Extract once and report."""
    options = contract.parser(__doc__).parse_args(arguments)
    ids = contract.identifiers()
    seconds = uvloop.run(extract(options.url, ids))
    contract.report(ids, seconds, ["aiohttp", "orjson", "uvloop"])


if __name__ == "__main__":
    main(sys.argv[1:])
