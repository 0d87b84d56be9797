"""What a bronze row shows by itself."""

import pytest

from filters.bronze import b01_has_event_time, b03_has_price, b05_has_size


@pytest.mark.parametrize(
    ("keeps", "row", "kept"),
    [
        (b01_has_event_time, {"ts_event": 7}, True),
        (b01_has_event_time, {"ts_event": None}, False),
        (b01_has_event_time, {"ts_event": None, "flags": 40}, True),
        (b03_has_price, {"price": None}, False),
        (b03_has_price, {"price": None, "action": "M"}, False),
        (b03_has_price, {"price": None, "action": "R"}, True),
        (b03_has_price, {"price": None, "flags": 64 | 128}, True),
        (b03_has_price, {"price": 0}, True),
        (b05_has_size, {"size": 0}, False),
        (b05_has_size, {"size": 0, "action": "C"}, True),
        (b05_has_size, {"size": 0, "flags": 64}, True),
        (b05_has_size, {"size": 2**32 - 1, "action": "T"}, False),
        (b05_has_size, {"size": 2**32 - 2}, True),
    ],
)
def test_a_row_is_kept_or_not(orders, keeps, row, kept):
    assert orders([row]).select(keeps()).to_series().to_list() == [kept]


def test_every_simulated_row_is_kept(orders):
    rows = orders([{"ts_event": 1, "action": action, "price": 5, "size": 1} for action in "ACMTFN"])
    assert rows.select(b01_has_event_time() & b03_has_price() & b05_has_size()).to_series().all()
