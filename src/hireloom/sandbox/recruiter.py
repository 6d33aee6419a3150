"""What recruiters do in the vendors' own windows: the kinds of change, and many of them at once."""

import functools
import inspect
import math
import random
from collections.abc import Callable, Iterator, Mapping
from typing import Any, ClassVar

from hireloom.sandbox.world import World

Json = dict[str, Any]
SCATTERED = ("move_application", "set_custom_field", "update_candidate")
MOST_SCATTERED = 1_000_000


class Recruiter:
    """Each public method of a subclass is a kind of change; ids are the vendor's own."""

    aliases: ClassVar[Mapping[str, str]] = {}  # older names of kinds

    def __init__(self, world: World) -> None:
        self.world = world
        self.rounds = 0

    @classmethod
    @functools.cache  # as many as there are classes
    def kinds(cls) -> dict[str, str]:
        """Every kind with the parameters that it takes."""
        found = {}
        for name, method in inspect.getmembers(cls, inspect.isfunction):
            if not name.startswith("_") and name != "change":
                parts = list(inspect.signature(method).parameters.values())[1:]
                found[name] = ", ".join(str(part) for part in parts)
        return found

    def change(self, kind: str, what: Json) -> Json:
        """Do one change; ValueError, TypeError or KeyError say what is wrong with it."""
        name = self.aliases.get(kind, kind)
        if name not in self.kinds():
            known = ", ".join([*sorted(self.kinds()), *sorted(self.aliases)])
            raise ValueError(f"no change {kind!r}; there are {known}")
        act: Callable[..., Json] = getattr(self, name)
        return act(**what)

    def scatter(
        self, count: int = 10, seed: int | None = None, kinds: list[str] | None = None
    ) -> Json:
        """Many changes by chance, each to another application or to its candidate.

        Without a seed every call draws anew, in the same way for the same world.
        """
        if not 0 <= count <= MOST_SCATTERED:
            raise ValueError(f"count must be 0 to {MOST_SCATTERED}")
        self.rounds += 1
        rest = self.rounds if seed is None else seed
        chance = random.Random(f"{self.world.seed}/{rest}")  # noqa: S311  # repeatable, no secret
        done: list[Json] = []
        wanted = SCATTERED if kinds is None else tuple(kinds)
        unknown = [kind for kind in wanted if kind not in SCATTERABLE]
        if unknown or not wanted:
            raise ValueError(f"kinds must be among {', '.join(SCATTERABLE)}")
        for application in self._drawn(chance):
            if len(done) == count:
                break
            made = self._one(chance, wanted, application)
            done += [] if made is None else [made]
        return {"count": len(done), "changes": done}

    def _drawn(self, chance: random.Random) -> Iterator[int]:
        """Indexes of the world's applications, each once, in no order."""
        size = self.world.applications
        step = 1 + chance.randrange(size)
        while math.gcd(step, size) != 1:
            step += 1
        start = chance.randrange(size)
        return ((start + place * step) % size for place in range(size))

    def _one(self, chance: random.Random, kinds: tuple[str, ...], index: int) -> Json | None:
        """A change to this application: the first kind, in an order by chance, that can be."""
        about = self._about(index)
        if about is None:
            return None
        for kind in chance.sample(kinds, len(kinds)):
            what = SCATTERABLE[kind](self, chance, about)
            if what is not None:
                made = self.change(kind, what)
                named = {name: what[name] for name in _NAMES if name in what}
                return {"kind": kind, **named, "id": made.get("id")}
        return None

    def _about(self, index: int) -> Json | None:
        """`application`, `candidate`, `job` and whether it is `active`; None when it is gone."""
        raise NotImplementedError

    def _stages(self, about: Json) -> list[Any]:
        """Ids of the stages that the application can be moved to, without the present one."""
        raise NotImplementedError

    def _field(self, chance: random.Random, about: Json) -> Json | None:
        """A custom field of the application, and another value for it; None when it has none."""
        raise NotImplementedError


Scattered = Callable[[Recruiter, random.Random, Json], Json | None]
_NAMES = ("application", "candidate", "job")


def _move(desk: Recruiter, chance: random.Random, about: Json) -> Json | None:
    stages = desk._stages(about) if about["active"] else []  # noqa: SLF001  # same module
    if not stages:
        return None
    return {"application": about["application"], "stage": chance.choice(stages)}


def _set(desk: Recruiter, chance: random.Random, about: Json) -> Json | None:
    found = desk._field(chance, about)  # noqa: SLF001  # same module
    return None if found is None else {"application": about["application"], **found}


def _rename(desk: Recruiter, chance: random.Random, about: Json) -> Json | None:
    name = f"Renamed Person-{chance.randrange(10**6)}"
    return {"candidate": about["candidate"], "name": name}


def _of_active(desk: Recruiter, chance: random.Random, about: Json) -> Json | None:
    return {"application": about["application"]} if about["active"] else None


def _of_any(desk: Recruiter, chance: random.Random, about: Json) -> Json | None:
    return {"application": about["application"]}


def _apply(desk: Recruiter, chance: random.Random, about: Json) -> Json | None:
    if about["job"] is None:
        return None
    number = chance.randrange(10**9)
    return {
        "job": about["job"],
        "name": f"New Person-{number}",
        "email": f"new.person-{number}@mail.example.com",
    }


SCATTERABLE: Mapping[str, Scattered] = {
    "move_application": _move,
    "set_custom_field": _set,
    "update_candidate": _rename,
    "reject_application": _of_active,
    "hire_application": _of_active,
    "new_application": _apply,
    "create_offer": _of_active,
    "schedule_interview": _of_active,
    "delete_application": _of_any,
}
