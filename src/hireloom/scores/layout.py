"""Templates of users: Jinja2 in a sandbox that reads data, calls nothing and runs out of budget.

Every loop, text filter and text that is put together is paid for before it happens, by what it
will cost. So a template ends soon, whatever is in it, and takes little memory.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from jinja2 import StrictUndefined, Template, TemplateError, TemplateSyntaxError, pass_context
from jinja2.filters import do_default
from jinja2.runtime import Context, LoopContext, Undefined
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.tests import TESTS as JINJA_TESTS
from markupsafe import Markup, escape

from hireloom.errors import RequestInvalidError
from hireloom.scores.layout_rules import FILTERS, TESTS, Metered, require_allowed, used, weight
from hireloom.scores.words import Reader

LONGEST_OUTPUT = 4_000_000  # characters; more than the longest score has, when escaped
BUDGET = 400_000
CHARACTERS = 200  # of a text that cost as much as one node
LARGEST = 10**15  # number to reckon with
LOOP = frozenset({"index", "index0", "revindex", "revindex0", "first", "last", "length", "depth"})
BROKEN = (TypeError, ValueError, ArithmeticError, LookupError, RecursionError, SyntaxError)


class LimitError(TemplateError):
    """The template asks for more than it may have."""


@dataclass
class Purse:
    """What is left of the budget of one rendering, and who reads it."""

    reader: Reader
    left: int = field(default=BUDGET)

    def pay(self, cost: int) -> None:
        self.left -= cost
        if self.left < 0:
            raise LimitError("it takes too long; loop over less")

    def pay_for(self, text: str) -> str:
        self.pay(len(text) // CHARACTERS)
        return text


@dataclass(frozen=True)
class Layout:
    """A template that is ready to be filled; `used` are the variables that it reads."""

    template: Template
    used: frozenset[str]
    cost: int

    def fill(self, facts: Mapping[str, Any], reader: Reader) -> str:
        """HTML as the template has it. Raises RequestInvalidError where the template fails."""
        purse = Purse(reader)
        pieces: list[str] = []
        length = 0
        try:
            purse.pay(self.cost)
            for piece in self.template.generate({**facts, "_purse": purse}):
                length += len(piece)
                if length > LONGEST_OUTPUT:
                    raise LimitError("its text is too long")
                pieces.append(piece)
        except (TemplateError, *BROKEN) as error:
            raise problem(error) from error
        return "".join(pieces)


@lru_cache(maxsize=128)
def layout(source: str) -> Layout:
    """The template, compiled. Raises RequestInvalidError with the line of what is wrong."""
    try:
        tree = SANDBOX.parse(source)
        require_allowed(tree)
        names, cost = used(tree), weight(tree)
        return Layout(SANDBOX.from_string(Metered().visit(tree)), names, cost)
    except (TemplateError, MemoryError, *BROKEN) as error:
        raise problem(error) from error


def problem(error: BaseException) -> RequestInvalidError:
    """The error for whoever wrote the template; nothing of the candidate's data is in it."""
    if isinstance(error, TemplateError):
        said = (error.message or "it cannot be filled").rstrip(".")
    elif isinstance(error, ZeroDivisionError):
        said = "a division by zero"
    elif isinstance(error, RecursionError | MemoryError | SyntaxError):
        said = "it is nested too deeply"
    else:
        said = "a value is not of the kind that is needed here, say a text where a number belongs"
    return RequestInvalidError.at("template", f"line {_line(error)}: {said}")


def _line(error: BaseException) -> int:
    if isinstance(error, TemplateSyntaxError):
        return error.lineno
    lines, trace = [1], error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == "<template>":
            lines.append(trace.tb_lineno)
        trace = trace.tb_next
    return lines[-1]


class _Sandbox(ImmutableSandboxedEnvironment):
    """Only mappings, lists and the loop are read; only numbers are reckoned with."""

    intercepted_binops = frozenset({"+", "-", "*", "/", "//", "%", "**"})

    def getattr(self, obj: Any, attribute: str) -> Any:
        return self.getitem(obj, attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        if isinstance(obj, LoopContext) and argument in LOOP:
            return getattr(obj, argument)
        if isinstance(obj, Undefined):
            return obj[argument]
        listed = isinstance(obj, tuple | list) and isinstance(argument, int)
        if listed or (isinstance(obj, Mapping) and isinstance(argument, str)):
            try:
                return obj[argument]
            except LookupError:
                pass
        owner = "an empty value" if obj is None else "this value"
        return self.undefined(f"{owner} has no '{str(argument)[:60]}'")

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        if operator == "+" and isinstance(left, str) and isinstance(right, str):
            return _joined(context, [left, right])
        for one in (left, right):
            if isinstance(one, Undefined):
                str(one)  # says what is undefined
            if not isinstance(one, int | float):
                raise LimitError(f"'{operator}' needs numbers; texts are joined with '~'")
            if not abs(one) <= LARGEST:
                raise LimitError("a number is too large to reckon with")
        return super().call_binop(context, operator, left, right)


@pass_context
def _counted(context: Context, items: Any, cost: int) -> tuple[Any, ...]:
    if isinstance(items, Undefined) or not isinstance(items, tuple | list | Mapping):
        iter(items)  # says what is undefined
        raise LimitError("only lists can be looped over")
    _purse(context).pay(cost * len(items))
    return tuple(items)


@pass_context
def _joined(context: Context, parts: Iterable[Any]) -> str:
    return _put_together(context, parts, "")


def _put_together(context: Context, parts: Iterable[Any], between: str) -> str:
    texts = [_text(context, one) for one in parts]
    _purse(context).pay((sum(map(len, texts)) + len(between) * len(texts)) // CHARACTERS)
    return between.join(texts)


@pass_context
def _shown(context: Context, value: Any) -> Any:
    """What `{{ value }}` puts out."""
    return value if isinstance(value, Markup) else _text(context, value)


def _text(context: Context, value: Any) -> str:
    if isinstance(value, Undefined | str):
        return str(value)  # raises where it is undefined
    if value is None:
        return ""
    if isinstance(value, Mapping) and "text" in value:
        return str(value["text"])
    if isinstance(value, int | float):
        return _purse(context).reader.shown(value)
    raise LimitError("a list cannot be shown as it is; loop over it")


def _purse(context: Context) -> Purse:
    purse: Purse = context["_purse"]
    return purse


def _of_text(change: Callable[..., str]) -> Callable[..., str]:
    @pass_context
    def changed(context: Context, value: Any, *rest: Any) -> str:
        return change(_purse(context).pay_for(_text(context, value)), *rest)

    return changed


@pass_context
def _replace(context: Context, value: Any, old: str, new: str) -> str:
    text, grown = _text(context, value), len(str(new)) * (len(str(value)) + 1)
    _purse(context).pay((len(text) + grown) // CHARACTERS)
    return text.replace(str(old), str(new))


@pass_context
def _join(context: Context, items: Any, between: str = "", attribute: str | None = None) -> str:
    listed = _counted(context, items, 1)
    if attribute is not None:
        listed = tuple(context.environment.getitem(one, attribute) for one in listed)
    return _put_together(context, listed, str(between))


def _truncate(text: str, length: int = 255) -> str:
    return text if len(text) <= length else text[: max(0, length)].rstrip() + "…"


def _lines(text: str) -> Markup:
    """Text of a person with its line breaks."""
    return Markup(str(escape(text)).replace("\n", "<br>"))  # noqa: S704 – it is escaped


def _round(value: float, places: int = 0) -> float:
    return round(value, max(0, min(places, 10)))


def _first(items: Sequence[Any]) -> Any:
    return items[0] if items else None


def _last(items: Sequence[Any]) -> Any:
    return items[-1] if items else None


def _sandbox() -> _Sandbox:
    sandbox = _Sandbox(
        autoescape=True, undefined=StrictUndefined, finalize=_shown, keep_trailing_newline=False
    )
    made: dict[str, Callable[..., Any]] = {
        "capitalize": _of_text(str.capitalize),
        "default": do_default,
        "e": _of_text(escape),
        "escape": _of_text(escape),
        "first": _first,
        "join": _join,
        "last": _last,
        "length": len,
        "lines": _of_text(_lines),
        "lower": _of_text(str.lower),
        "replace": _replace,
        "round": _round,
        "title": _of_text(str.title),
        "trim": _of_text(str.strip),
        "truncate": _of_text(_truncate),
        "upper": _of_text(str.upper),
    }
    sandbox.filters = {name: made[name] for name in FILTERS}
    sandbox.filters |= {"_counted": _counted, "_joined": _joined}
    sandbox.tests = {name: JINJA_TESTS[name] for name in TESTS}
    sandbox.globals = {}
    return sandbox


SANDBOX = _sandbox()
