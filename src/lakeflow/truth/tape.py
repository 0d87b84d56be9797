"""What traded in every second, from the `trades` table: T records alone, signed by the aggressor."""

import numpy as np
import polars as pl

from lakeflow.truth.arrays import Bools, Ints
from lakeflow.truth.fills import counts, see, sums
from lakeflow.truth.quotes import UNIT
from lakeflow.truth.session import Session


def tape(trades: pl.DataFrame, session: Session, max_stale: int = 60) -> pl.DataFrame:
    """Flows are 0 in seconds without a trade; `vwap_1s` is null there, the last price is carried."""
    seconds, rows = session.of(trades), session.rows
    size = trades["size"].to_numpy().astype(np.int64)
    sign = trades["sign"].to_numpy()
    lots = {name: sums(seconds, np.where(sign == way, size, 0), rows) for name, way in WAYS.items()}
    seen = see(seconds, rows)
    total = sums(seconds, size, rows)
    return pl.DataFrame(
        {
            "trade_px_last": seen.series(trades["price"], max_stale) / UNIT,
            "trade_obs": seen.obs,
            "trade_age_s": seen.ages(),
            "vwap_1s": _average(trades, seconds, size, total),
            "n_trades": counts(seconds, rows),
            "vol_1s": total,
            **lots,
            "inferred_vol": sums(seconds, np.where(_is_inferred(trades), size, 0), rows),
            "signed_vol": lots["buy_vol"] - lots["sell_vol"],
        }
    )


WAYS = {"buy_vol": 1, "sell_vol": -1, "unk_vol": 0}


def _is_inferred(trades: pl.DataFrame) -> Bools:
    """Whether the aggressor was not told but follows from the quote or the last change of price."""
    return trades["sign_method"].cast(pl.String).is_in(["quote", "tick"]).to_numpy()


def _average(trades: pl.DataFrame, seconds: Ints, size: Ints, total: Ints) -> pl.Series:
    """Prices are taken from the first one on: price times lots of a dear share would not fit in 64 bits."""
    price = trades["price"].to_numpy()
    base = int(price[0]) if len(price) else 0
    paid = sums(seconds, (price - base) * size, len(total))
    mean = pl.Series((base + paid / np.maximum(total, 1)) / UNIT)
    return mean.set(pl.Series(total == 0), None)
