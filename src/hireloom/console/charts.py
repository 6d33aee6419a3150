"""Charts as SVG: small, drawn here, coloured by the style sheet."""

from collections.abc import Sequence

from markupsafe import Markup, escape

WIDTH, HEIGHT = 480, 88
GAP = 2


def bars(points: Sequence[tuple[str, int, int]], label: str) -> Markup:
    """A bar for each point: its time in words, how many in all, how many of them failed."""
    highest = max((total for _, total, _ in points), default=0) or 1
    step = WIDTH / max(len(points), 1)
    drawn = []
    for place, (when, total, failed) in enumerate(points):
        left, width = place * step, max(step - GAP, 1)
        tall = _height(total, highest)
        bad = min(_height(failed, highest), tall)
        said = f"{when}: {total:,}" + (f", {failed:,} failed" if failed else "")
        drawn.append(
            Markup('<g><title>{}</title><rect class="space" x="{:.1f}" y="0" {}/>').format(
                said, left, Markup('width="{:.1f}" height="{}"').format(width, HEIGHT)
            )
            + _bar("good", left, HEIGHT - tall, width, tall - bad)
            + _bar("bad", left, HEIGHT - bad, width, bad)
            + Markup("</g>")
        )
    head = Markup(
        '<svg class="bars" viewBox="0 0 {} {}" preserveAspectRatio="none" role="img"'
        ' aria-label="{}">'
    ).format(WIDTH, HEIGHT, label)
    return head + Markup("").join(drawn) + Markup("</svg>")


def split(parts: Sequence[tuple[str, int]], label: str) -> Markup:
    """One line, cut into the shares of its parts: the class of each, and how many."""
    whole = sum(size for _, size in parts)
    left, drawn = 0.0, Markup("")
    for kind, size in parts:
        width = WIDTH * size / whole if whole else 0
        drawn += _bar(kind, left, 0, width, 8)
        left += width
    return (
        Markup(
            '<svg class="split" viewBox="0 0 {} 8" preserveAspectRatio="none" role="img"'
        ).format(WIDTH)
        + Markup(' aria-label="{}">').format(escape(label))
        + (drawn or _bar("space", 0, 0, WIDTH, 8))
        + Markup("</svg>")
    )


def _height(size: int, highest: int) -> float:
    return max(HEIGHT * size / highest, 2) if size else 0


def _bar(kind: str, x: float, y: float, width: float, height: float) -> Markup:
    if height <= 0 or width <= 0:
        return Markup("")
    return Markup('<rect class="{}" x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}"/>').format(
        kind, x, y, width, height
    )
