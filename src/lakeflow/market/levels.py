"""The levels of a book as a stream of arrays: what the dataset `mbp` holds of one venue, replayed from bronze orders when asked."""

from collections.abc import Iterable, Iterator

import polars as pl

from lakeflow.market.book import Replay, Rows
from lakeflow.market.order_frames import packed
from lakeflow.market.records import MBO


def levels_after_events(orders: Iterable[pl.DataFrame], tick: int, levels: int = 10) -> Iterator[Rows]:
    """Rows of `lakeflow.market.book.depth_rows` for every event that changed a level; `number` is the bronze `row`.

    Each array is overwritten by the next: copy what stays. Levels of several publishers are told apart, not added up.
    """
    book = Replay(tick, levels=levels)
    seen = 0
    for frame in orders:
        for records, numbers in packed(frame):
            rows = book.apply(records.view(MBO)).depth
            rows["number"] = numbers[rows["number"] - seen]
            seen += len(numbers)
            yield rows
