"""Hireloom: the Greenhouse connector as a sync uses it; --joined with its look-ups, too."""

import sys
import time
from array import array

import uvloop

from benchmarks.rivals import contract
from hireloom import garbage
from hireloom.connectors.ats.greenhouse import Greenhouse
from hireloom.kit.auth import Secrets
from hireloom.kit.http import Http
from hireloom.kit.limits import Memory
from hireloom.kit.origins import Origins
from hireloom.kit.ports import MemoryKeeper
from hireloom.models import ApplicationModel, ApplicationQuery, given

ORIGINS = ("https://harvest.greenhouse.io", "https://auth.greenhouse.io")
# The models asked for decide which other tables are looked up; the basic fields always come.
BARE = ApplicationQuery(models=(ApplicationModel.QUESTION_RESPONSES,))
JOINED = ApplicationQuery(
    models=(
        ApplicationModel.INFO,
        ApplicationModel.STAGE,
        ApplicationModel.REJECTION,
        ApplicationModel.QUESTION_RESPONSES,
    )
)


async def extract(base_url: str, joined: bool, ids: "array[int]") -> float:
    """Read and normalise every application; return the seconds."""
    login = {"clientId": contract.CLIENT_ID, "clientSecret": contract.CLIENT_SECRET}
    origins = Origins(dict.fromkeys(ORIGINS, base_url))
    http = Http(MemoryKeeper(Secrets(fields=login)), Memory(), origins=origins)
    greenhouse = http.connect("bench", Greenhouse)
    named = 0
    started = time.monotonic()
    async for page in greenhouse.list_applications(JOINED if joined else BARE):
        ids.extend([int(application.info.id) for application in page])
        if joined:
            people = [given(application.info.candidate) for application in page]
            named += sum(person is not None and bool(person.last_name) for person in people)
    seconds = time.monotonic() - started
    await http.close()
    assert not joined or named == len(ids), f"only {named} of {len(ids)} were joined"
    return seconds


def main(arguments: list[str]) -> None:
    """Run once and report."""
    parser = contract.parser(__doc__)
    parser.add_argument("--joined", action="store_true", help="with candidates and reference data")
    options = parser.parse_args(arguments)
    ids = contract.identifiers()
    garbage.calm()  # as `hireloom serve` does
    seconds = uvloop.run(extract(options.url, options.joined, ids))
    contract.report(ids, seconds, ["hireloom", "aiohttp", "msgspec", "uvloop"])


if __name__ == "__main__":
    main(sys.argv[1:])
