"""What traded in every second, from the `trades` table: T records alone, signed by the aggressor."""

import numpy as np
import polars as pl

from lakeflow.truth.arrays import Ints
from lakeflow.truth.fills import counts, see, sums
from lakeflow.truth.quotes import UNIT
from lakeflow.truth.session import Session

# The surest first; of the trades of a second the least sure way is told. Silver calls the last one none.
METHODS = ("side", "quote", "tick", "unk")
SILVER_METHODS = (*METHODS[:-1], "none")
WAYS = {"buy_vol": 1, "sell_vol": -1, "unk_vol": 0}


def tape(trades: pl.DataFrame, session: Session, max_stale: int = 60) -> pl.DataFrame:
    """Flows are 0 in seconds without a trade; `vwap_1s` and `sign_method` are null there, the last price is carried."""
    seconds, rows = session.of(trades), session.rows
    size = trades["size"].to_numpy().astype(np.int64)
    sign, method = trades["sign"].to_numpy(), _methods(trades["sign_method"])
    lots = {name: sums(seconds, np.where(sign == way, size, 0), rows) for name, way in WAYS.items()}
    inferred = (method != METHODS.index("side")) & (method != METHODS.index("unk"))
    seen = see(seconds, rows)
    return pl.DataFrame(
        {
            "trade_px_last": seen.series(_last_prices(trades["price"], seconds), max_stale) / UNIT,
            "trade_obs": seen.obs,
            "trade_age_s": seen.ages(),
            "vwap_1s": _average(trades["price"], seconds, size, rows),
            "n_trades": counts(seconds, rows),
            "vol_1s": sums(seconds, size, rows),
            **lots,
            "inferred_vol": sums(seconds, np.where(inferred, size, 0), rows),
            "sign_method": _weakest(method, seconds, rows),
            "signed_vol": lots["buy_vol"] - lots["sell_vol"],
        }
    )


def _methods(told: pl.Series) -> Ints:
    """How each trade got its sign, as a place in `METHODS`."""
    return told.cast(pl.Enum(SILVER_METHODS)).to_physical().cast(pl.Int64).to_numpy()


def _weakest(method: Ints, seconds: Ints, rows: int) -> pl.Series:
    """The least sure way by which a trade of the second got its sign; null without a trade."""
    found = np.full(rows, -1)
    inside = (seconds >= 0) & (seconds < rows)
    np.maximum.at(found, seconds[inside], method[inside])
    places = pl.Series(found).set(pl.Series(found < 0), None)
    return pl.Series(METHODS, dtype=pl.Enum(METHODS)).gather(places)


def _last_prices(price: pl.Series, seconds: Ints) -> pl.Series:
    """Of each trade its price; where it has none, that of the last one before it in the session."""
    if not price.null_count():
        return price
    return price.set(pl.Series(seconds < 0), None).fill_null(strategy="forward")


def _average(price: pl.Series, seconds: Ints, size: Ints, rows: int) -> pl.Series:
    """Of the trades that have a price. Prices are taken from one of them on: price times lots would not fit in 64 bits."""
    base = price.max()
    if not isinstance(base, int):
        return pl.Series([None] * rows, dtype=pl.Float64)
    priced = np.where(price.is_null().to_numpy(), 0, size)
    total = sums(seconds, priced, rows)
    paid = sums(seconds, (price.fill_null(base).to_numpy() - base) * priced, rows)
    mean = pl.Series((base + paid / np.maximum(total, 1)) / UNIT)
    return mean.set(pl.Series(total == 0), None)
