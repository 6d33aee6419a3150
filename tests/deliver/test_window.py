"""Letters in memory: one line per record, and nothing passes what is under way."""

from datetime import UTC, datetime
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from hireloom.deliver.window import Window
from hireloom.store.outbox import Letter

NOW = datetime(2026, 11, 21, 10, tzinfo=UTC)


def letter(number: int, record: str | None = "rec_1", size: int = 10) -> Letter:
    return Letter(
        number, "int_1", f"evt_{number}", "record.new", None, record, None, b"x" * size, NOW, 0, NOW
    )


def numbers(letters: list[Letter]) -> list[int]:
    return [one.id for one in letters]


def test_a_line_waits_for_what_is_under_way() -> None:
    window = Window()
    window.add([letter(1), letter(2), letter(3, "rec_2")])

    first, second = window.take(1, 100), window.take(1, 100)

    assert (numbers(first), numbers(second), window.ready) == ([1], [3], False)
    window.add([letter(4, "rec_2")])
    assert not window.ready
    window.done(first)
    assert numbers(window.take(9, 100)) == [2]
    assert len(window) == 1


def test_what_waits_behind_a_failure_leaves() -> None:
    window = Window()
    window.add([letter(1), letter(2), letter(3), letter(4, "rec_2")])
    taken = window.take(1, 100)

    left = window.stopped(taken)

    assert numbers(left) == [2, 3]
    assert (len(window), window.ready) == (1, True)


def test_letters_of_no_record_wait_for_nothing() -> None:
    window = Window()
    window.add([letter(n, None) for n in range(3)])

    assert [numbers(window.take(1, 100)) for _ in range(3)] == [[0], [1], [2]]


def test_a_batch_is_bounded_in_bytes_but_never_empty() -> None:
    window = Window()
    window.add([letter(1, "a", 500), letter(2, "b", 30), letter(3, "b", 30), letter(4, "c", 50)])

    first, second = window.take(9, 100), window.take(9, 100)

    assert (numbers(first), numbers(second)) == ([1], [2, 3])


@given(st.lists(st.sampled_from("abc"), max_size=40), st.integers(1, 7), st.randoms())
def test_every_line_goes_out_in_order_whatever_ends_first(
    records: list[str], size: int, random: Random
) -> None:
    window = Window()
    window.add([letter(number, record) for number, record in enumerate(records)])
    sent: list[Letter] = []
    under_way: list[list[Letter]] = []

    while window.ready or under_way:
        while window.ready:
            under_way.append(window.take(size, 10**6))
            sent += under_way[-1]
            lines = [one.line for batch in under_way for one in {x.line: x for x in batch}.values()]
            assert len(lines) == len(set(lines))
        window.done(under_way.pop(random.randrange(len(under_way))))

    assert len(sent) == len(records)
    for record in "abc":
        line = [one.id for one in sent if one.record_id == record]
        assert line == sorted(line)
