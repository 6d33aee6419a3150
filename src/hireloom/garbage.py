"""The garbage collector, set for a service that makes many small records and few cycles.

What is loaded at the start stays for good, so it is no longer looked at; and a page of records is
let live and die before the collector looks at all. Extracting 100,000 applications this way takes
two thirds of the time (`scripts/bench extract`).
"""

import gc

YOUNG = 50_000  # new objects before a look at the youngest; Python's own default is 700


def calm() -> None:
    """Call once, when everything is loaded."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, 20, 50)
