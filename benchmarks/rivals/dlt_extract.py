"""dlt: its REST client with the Link-header paginator, or with --whole its pipeline into DuckDB.

Into DuckDB it goes in the file format asked for: "parquet" is the fastest that dlt has, "default"
what one gets without asking (SQL inserts, several times slower and heavier).
"""

import sys
import tempfile
import time
from array import array
from collections.abc import Iterator
from typing import Any

import dlt  # type: ignore[import-not-found]  # lives in this rival's own environment
from dlt.sources.helpers.rest_client import (  # type: ignore[import-not-found]  # as above
    RESTClient,
)
from dlt.sources.helpers.rest_client.auth import (  # type: ignore[import-not-found]  # as above
    OAuth2ClientCredentials,
)
from dlt.sources.helpers.rest_client.paginators import (  # type: ignore[import-not-found]  # ditto
    HeaderLinkPaginator,
)

from benchmarks.rivals import contract

Page = list[dict[str, Any]]


def pages(base_url: str) -> Iterator[Page]:
    """Yield the applications page by page."""
    client = RESTClient(
        base_url=base_url,
        auth=OAuth2ClientCredentials(
            access_token_url=f"{base_url}/token",
            client_id=contract.CLIENT_ID,
            client_secret=contract.CLIENT_SECRET,
        ),
        paginator=HeaderLinkPaginator(),
    )
    yield from client.paginate("/v3/applications", params={"per_page": contract.PAGE_SIZE})


def extract(base_url: str, ids: "array[int]") -> float:
    """Read every application and keep none; return the seconds."""
    started = time.monotonic()
    for page in pages(base_url):
        ids.extend([record["id"] for record in page])
    return time.monotonic() - started


def load(base_url: str, ids: "array[int]", file_format: str | None) -> float:
    """Extract, normalise and load into DuckDB; return the seconds."""
    with tempfile.TemporaryDirectory() as folder:
        pipeline = dlt.pipeline(
            pipeline_name="bench",
            pipelines_dir=folder,
            destination=dlt.destinations.duckdb(f"{folder}/loaded.duckdb"),
            dataset_name="bench",
        )
        resource = dlt.resource(pages(base_url), name="applications", primary_key="id")
        started = time.monotonic()
        pipeline.run(resource, loader_file_format=file_format).raise_on_failed_jobs()
        seconds = time.monotonic() - started
        with pipeline.sql_client() as client:
            ids.extend([row[0] for row in client.execute_sql("select id from applications")])
    return seconds


def main(arguments: list[str]) -> None:
    """Run once and report."""
    parser = contract.parser(__doc__)
    formats = ("parquet", "jsonl", "default")
    parser.add_argument("--whole", choices=formats, help="the whole pipeline, in this format")
    options = parser.parse_args(arguments)
    ids = contract.identifiers()
    if options.whole:
        file_format = None if options.whole == "default" else options.whole
        seconds = load(options.url, ids, file_format)
    else:
        seconds = extract(options.url, ids)
    contract.report(ids, seconds, ["dlt", "duckdb", "requests"])


if __name__ == "__main__":
    main(sys.argv[1:])
