"""The levels at the end of every second, from the `depth` table: how much rests, and how far in front."""

import polars as pl

from lakeflow.truth import book
from lakeflow.truth.arrays import Bools
from lakeflow.truth.fills import see
from lakeflow.truth.quotes import Quoting
from lakeflow.truth.session import Session

COUNTS = (1, 5, 10)


def levels(depth: pl.DataFrame, session: Session, rule: Quoting, events: Bools) -> pl.DataFrame:
    """A book without an event for `max_stale` seconds is no longer known; an event elsewhere in it says that these stand."""
    seen = see(session.of(depth), session.rows).confirmed(events)
    shape = depth.select(**_resting())
    held = shape.with_columns(
        qi_5=book.imbalance(pl.col("depth_b_5"), pl.col("depth_a_5")),
        qi_10=book.imbalance(pl.col("depth_b_10"), pl.col("depth_a_10")),
        slope_b=_front("b"),
        slope_a=_front("a"),
    )
    return seen.frame(held, rule.max_stale).with_columns(
        depth_obs=pl.Series(seen.obs), depth_age_s=seen.ages()
    )


def _resting() -> dict[str, pl.Expr]:
    """Sums over more levels than the table has it tells itself."""
    lots: dict[str, pl.Expr] = {}
    for side in book.SIDES:
        lots |= {f"depth_{side[0]}_{n}": book.resting(side, n) for n in COUNTS}
        lots[f"depth_{side[0]}_20"] = pl.col(f"{side}_lots_20")
    return lots | {f"depth_{side[0]}_10t": pl.col(f"{side}_lots_10t") for side in book.SIDES}


def _front(side: str) -> pl.Expr:
    """The share of the first five levels that rests on the first."""
    five = pl.col(f"depth_{side}_5")
    return pl.col(f"depth_{side}_1") / pl.when(five != 0).then(five)
