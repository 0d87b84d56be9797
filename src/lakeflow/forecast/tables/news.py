"""Listings that say something new: most of a day's repeat what was listed before, but for prices and volumes that go on."""

import polars as pl

ROWS = 16_384  # listings that are looked at together
KEY = "condition_id"
# What changes with every listing and makes no new version of a market.
FLOWING = frozenset(
    {"ts_observed", "prices", "best_bid", "best_ask", "last_price", "volume", "volume_day", "liquidity"}
)


def news(sightings: pl.LazyFrame, rows: int = ROWS) -> pl.DataFrame:
    """The listings, market by market in the order of time, that say something else than the one before; some are held at a time."""
    count = sightings.select(pl.len()).collect().item()
    found = [sightings.head(0).collect()]
    last = found[0]
    for begin in range(0, count, rows):
        some = sightings.slice(begin, rows).collect()
        is_new = pl.concat([last, some]).select(~repeats(some.columns)).to_series().slice(last.height)
        found.append(some.filter(is_new))
        last = some.tail(1)
    return pl.concat(found, rechunk=True)


def repeats(columns: list[str]) -> pl.Expr:
    """Whether a listing says what the one before it said of the same market; prices tell something of one that is over, a volume that there is one."""
    said = [pl.col(name) for name in columns if name not in FLOWING]
    closing = pl.when("closed").then("prices")
    traded = (pl.col("volume") > 0).fill_null(value=False)
    alike = pl.all_horizontal(each.eq_missing(each.shift(1)) for each in (*said, closing, traded))
    return alike & (pl.int_range(pl.len()) > 0)
