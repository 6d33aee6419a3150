"""What a template may contain: output, conditions and loops over data, and nothing that calls.

A template is refused by what it is built of, before any of it runs. Loops and joined texts are
rewritten so that they are paid for out of a budget; see layout.py.
"""

from collections.abc import Iterator
from typing import cast

from jinja2 import TemplateSyntaxError, nodes
from jinja2.visitor import NodeTransformer

from hireloom.errors import near

DEEPEST = 40  # of nested tags and parentheses
VARIABLES = (
    "assessment",
    "status",
    "completed",
    "score",
    "breakdown",
    "result",
    "verdict",
    "evaluator",
    "notes",
    "rest",
    "report_url",
    "attributes",
    "candidate",
    "job",
    "words",
)
FILTERS = (
    "capitalize",
    "default",
    "e",
    "escape",
    "first",
    "join",
    "last",
    "length",
    "lines",
    "lower",
    "replace",
    "round",
    "title",
    "trim",
    "truncate",
    "upper",
)
TESTS = ("defined", "undefined", "none", "number", "string", "odd", "even", "divisibleby")
ALLOWED = (
    nodes.Template,
    nodes.Output,
    nodes.TemplateData,
    nodes.If,
    nodes.For,
    nodes.With,
    nodes.Assign,
    nodes.Name,
    nodes.Const,
    nodes.List,
    nodes.Tuple,
    nodes.Getattr,
    nodes.Getitem,
    nodes.Filter,
    nodes.Test,
    nodes.CondExpr,
    nodes.Compare,
    nodes.Operand,
    nodes.And,
    nodes.Or,
    nodes.Not,
    nodes.Neg,
    nodes.Pos,
    nodes.Add,
    nodes.Sub,
    nodes.Mul,
    nodes.Div,
    nodes.FloorDiv,
    nodes.Mod,
    nodes.Concat,
)
REFUSED = {
    nodes.Call: "functions cannot be called",
    nodes.Include: "other templates cannot be included",
    nodes.Import: "other templates cannot be imported",
    nodes.FromImport: "other templates cannot be imported",
    nodes.Extends: "other templates cannot be extended",
    nodes.Macro: "macros cannot be made",
    nodes.Slice: "there are no slices; use the filter truncate",
    nodes.Pow: "there is no power",
    nodes.Block: "there are no blocks",
    nodes.FilterBlock: "filters have no blocks; use them on values",
    nodes.AssignBlock: "a name is given to a value, not to a block",
    nodes.Scope: "escaping stays on",
    nodes.ScopedEvalContextModifier: "escaping stays on",
    nodes.Dict: "there are no mappings",
    nodes.NSRef: "there are no namespaces",
}
DEAR = (nodes.Compare, nodes.Filter, nodes.Concat, nodes.Test)  # their work grows with the text


def require_allowed(tree: nodes.Template) -> None:
    """Raises TemplateSyntaxError at the first thing that has no place in a template."""
    own = {node.name for node in tree.find_all(nodes.Name) if node.ctx != "load"}
    line = 1
    for node, depth in walk(tree):
        line = node.lineno or line
        if depth > DEEPEST:
            raise TemplateSyntaxError("it is nested too deeply", line)
        if problem := _problem(node, {*VARIABLES, *own, "loop"}):
            raise TemplateSyntaxError(problem, line)


def walk(tree: nodes.Node) -> Iterator[tuple[nodes.Node, int]]:
    """Every node with its depth, in the order of the text, without recursion."""
    waiting = [(tree, 0)]
    while waiting:
        node, depth = waiting.pop()
        yield node, depth
        waiting += [(child, depth + 1) for child in reversed(list(node.iter_child_nodes()))]


def used(tree: nodes.Template) -> frozenset[str]:
    """The variables that a template reads."""
    return frozenset(node.name for node in tree.find_all(nodes.Name) if node.ctx == "load")


def _problem(node: nodes.Node, known: set[str]) -> str | None:
    if not isinstance(node, ALLOWED):
        return REFUSED.get(type(node), f"{type(node).__name__} has no place in a template")
    if isinstance(node, nodes.Name):
        return _wrong_name(node, known)
    if isinstance(node, nodes.Filter):
        return _unknown("filter", node.name, FILTERS)
    if isinstance(node, nodes.Test):
        return _unknown("test", node.name, TESTS)
    if isinstance(node, nodes.Getattr) and node.attr.startswith("_"):
        return "names that begin with _ cannot be read"
    if isinstance(node, nodes.For) and node.recursive:
        return "loops cannot be recursive"
    return None


def _wrong_name(node: nodes.Name, known: set[str]) -> str | None:
    if node.ctx != "load" and (node.name.startswith("_") or node.name in VARIABLES):
        return f"the name '{node.name}' cannot be given anew"
    return _unknown("variable", node.name, known)


def _unknown(kind: str, name: str, known: set[str] | tuple[str, ...]) -> str | None:
    if name in known and not name.startswith("_"):
        return None
    return f"there is no {kind} '{name}'{near(name, sorted(known))}"


class Metered(NodeTransformer):
    """Loops and `~` by way of filters that count what they take."""

    def visit_For(self, node: nodes.For) -> nodes.Node:  # noqa: N802 – jinja2 calls it by this name
        cost = weight(node) - weight(node.iter)
        self.generic_visit(node)
        items = cast("nodes.Expr", node.iter)
        node.iter = _filter(items, "_counted", nodes.Const(cost, lineno=node.lineno))
        return node

    def visit_Concat(self, node: nodes.Concat) -> nodes.Node:  # noqa: N802
        self.generic_visit(node)
        return _filter(nodes.List(node.nodes, lineno=node.lineno), "_joined")


def weight(tree: nodes.Node) -> int:
    """What it costs to go through this part once."""
    return sum(20 if isinstance(node, DEAR) else 1 for node, _ in walk(tree))


def _filter(value: nodes.Expr, name: str, *rest: nodes.Expr) -> nodes.Filter:
    return nodes.Filter(value, name, list(rest), [], None, None, lineno=value.lineno)
