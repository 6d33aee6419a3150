"""`python -m benchmarks NAME …` runs the benchmark of that name: a module here with a `main`."""

import importlib
import pkgutil
import sys
from pathlib import Path


def names() -> list[str]:
    """Return the modules beside this one that can be run."""
    folder = Path(__file__).parent
    found = [module.name for module in pkgutil.iter_modules([str(folder)]) if not module.ispkg]
    sources = {name: (folder / f"{name}.py").read_text() for name in found if name != "__main__"}
    return sorted(name for name, source in sources.items() if "\ndef main(arguments" in source)


def main() -> None:
    """Run one benchmark with the rest of the command line."""
    name, arguments = sys.argv[1:2], sys.argv[2:]
    if not name or name[0] not in names():
        sys.exit(f"usage: python -m benchmarks {{{','.join(names())}}} [options]")
    importlib.import_module(f"benchmarks.{name[0]}").main(arguments)


if __name__ == "__main__":
    main()
