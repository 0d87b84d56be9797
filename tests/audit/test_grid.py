"""What must hold between a grid and the tables it was laid from, on rows that are written here."""

from datetime import UTC, datetime, timedelta

import polars as pl

from lakeflow.audit.grid import is_every_lot

OPEN = datetime(2026, 1, 6, 14, 30, tzinfo=UTC)
NS = pl.Datetime("ns", "UTC")


def at(*seconds):
    return pl.Series([OPEN + timedelta(seconds=each) for each in seconds]).cast(NS)


def grid(volumes, counts):
    lots = pl.DataFrame({"vol_1s": volumes, "buy_vol": volumes, "n_trades": counts})
    return lots.with_columns(ts_second=at(*range(len(volumes))), sell_vol=0, unk_vol=0).lazy()


def test_a_trade_counts_in_the_second_that_silver_tells():
    trades = pl.DataFrame({"ts_second": at(1, 1), "ts_recv": at(0.9, 1.1), "size": [4, 9]}).lazy()
    assert is_every_lot(grid([0, 13], [0, 2]), trades).collect().is_empty()
    assert is_every_lot(grid([4, 9], [1, 1]), trades).collect().height == 2


def test_without_one_it_counts_when_it_was_received():
    none = pl.Series([None, None], dtype=NS)
    trades = pl.DataFrame({"ts_second": none, "ts_recv": at(0.9, 1.1), "size": [4, 9]}).lazy()
    assert is_every_lot(grid([4, 9], [1, 1]), trades).collect().is_empty()
