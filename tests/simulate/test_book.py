"""The simulator's book against a list that is searched from end to end."""

from hypothesis import given
from hypothesis import strategies as st

from lakeflow.simulate.book import ASK, BID, Book, Order

steps = st.lists(
    st.tuples(st.sampled_from(["add", "reduce", "change"]), st.floats(0, 0.999), st.sampled_from([BID, ASK]),
              st.integers(-3, 3), st.integers(1, 4)),
    max_size=60,
)  # fmt: skip


def test_a_level_is_filled_in_the_order_of_arrival():
    book = Book()
    for order_id in (3, 1, 2):
        book.add(order_id, Order(BID, 100, 5))
    book.reduce(3, 2)
    book.change(1, 100, 4)
    assert book.queue(BID, 100) == [3, 1, 2]
    book.change(3, 100, 9)
    assert book.queue(BID, 100) == [1, 2, 3]


def test_the_best_level_moves_on_when_it_is_empty():
    book = Book()
    book.add(1, Order(ASK, 101, 1))
    book.add(2, Order(ASK, 103, 1))
    book.reduce(1, 1)
    assert (book.best(ASK), book.best(BID)) == (103, None)


@given(steps)
def test_the_book_is_what_a_plain_list_says(given_steps):
    book, rows, next_id = Book(), [], 0
    for verb, chance, side, tick, size in given_steps:
        if verb == "add" or not rows:
            next_id += 1
            book.add(next_id, Order(side, tick, size))
            rows.append((next_id, Order(side, tick, size)))
            continue
        order_id = book.pick(chance)
        at = next(n for n, (known, _) in enumerate(rows) if known == order_id)
        old = rows.pop(at)[1]
        if verb == "reduce":
            book.reduce(order_id, size)
            if size < old.size:
                rows.insert(at, (order_id, old._replace(size=old.size - size)))
        else:
            book.change(order_id, tick, size)
            keeps = tick == old.tick and size <= old.size
            rows.insert(at if keeps else len(rows), (order_id, Order(old.side, tick, size)))
    assert book.orders == dict(rows)
    for side, better in ((BID, max), (ASK, min)):
        ticks = [order.tick for _, order in rows if order.side == side]
        assert book.best(side) == better(ticks, default=None)
        for tick in ticks:
            assert book.queue(side, tick) == [
                i for i, order in rows if (order.side, order.tick) == (side, tick)
            ]
