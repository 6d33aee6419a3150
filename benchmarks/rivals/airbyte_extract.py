"""airbyte-cdk: a declarative source, run by its own command, written to standard output.

The reader takes the id out of each line and lets the rest go: decoding would cost time.
"""

import json
import subprocess
import sys
import tempfile
import time
import urllib.request
from array import array
from pathlib import Path

from benchmarks.rivals import contract

MANIFEST = Path(__file__).with_name("airbyte_manifest.yaml")
RECORD = b'{"type":"RECORD"'
ID = b'"data":{"id":'
STREAM = {"name": "applications", "json_schema": {}, "supported_sync_modes": ["full_refresh"]}
CATALOG = {
    "streams": [
        {
            "stream": STREAM,
            "sync_mode": "full_refresh",
            "destination_sync_mode": "overwrite",
        }
    ]
}


def command(base_url: str, folder: Path) -> list[str]:
    """Write what the source reads and return its command line."""
    config = {
        "url": base_url,
        "client_id": contract.CLIENT_ID,
        "client_secret": contract.CLIENT_SECRET,
    }
    (folder / "config.json").write_text(json.dumps(config))
    (folder / "catalog.json").write_text(json.dumps(CATALOG))
    program = str(Path(sys.executable).with_name("source-declarative-manifest"))
    return [
        program,
        "read",
        *("--config", str(folder / "config.json")),
        *("--catalog", str(folder / "catalog.json")),
        *("--manifest-path", str(MANIFEST)),
    ]


def extract(base_url: str, ids: "array[int]") -> float:
    """Run the source to its end; return the moment of the last record."""
    other: list[bytes] = []
    last = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        with subprocess.Popen(command(base_url, Path(folder)), stdout=subprocess.PIPE) as source:
            assert source.stdout is not None
            for line in source.stdout:
                if line.startswith(RECORD):
                    ids.append(int(line.partition(ID)[2].partition(b",")[0]))
                    last = time.monotonic()
                else:
                    other.append(line)
        if source.returncode:
            sys.exit(b"".join(other[-20:]).decode())
    return last


def first_request(base_url: str) -> float | None:
    """Ask the page server when it was first called since it was last asked so.

    The source starts its own process, so only the server sees the first request; its clock is this
    machine's monotonic one.
    """
    with urllib.request.urlopen(f"{base_url}/clock") as response:  # noqa: S310 - our own server
        moment: float | None = json.load(response)["first_request"]
        return moment


def main(arguments: list[str]) -> None:
    """Extract once and report."""
    options = contract.parser(__doc__).parse_args(arguments)
    ids = contract.identifiers()
    first_request(options.url)  # forgets whoever ran before
    last = extract(options.url, ids)
    started = first_request(options.url)
    assert started is not None, "the source made no request"
    contract.report(ids, last - started, ["airbyte-cdk", "requests"])


if __name__ == "__main__":
    main(sys.argv[1:])
