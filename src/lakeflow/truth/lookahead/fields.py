"""What pushes the mid and what stands in its way, near prices more than far ones: the force of beta and gamma."""

from collections.abc import Iterator, Mapping

import numpy as np
import polars as pl

from lakeflow.truth.bands import SIDES

REACH = 16.0  # ticks, a quarter of the 64 that count for anything
DISTANCE = {"touch": 0.0, "near": 2.5, "deep": 12.5}  # ticks from the best, in the middle of each band
WEIGHTS: Mapping[str, float] = {
    band: float(np.exp(-((away / REACH) ** 2) / 2)) for band, away in DISTANCE.items()
}
USUAL_S, FEWEST_S = 600, 60


def force() -> pl.Expr:
    """Lots that came to the bid less those that came to the ask, over one plus what they meet; both over what is usual."""
    pushed = came("b") - came("a")
    meets = pl.when(pushed > 0).then(rests("a")).otherwise(rests("b"))
    usual = ((rests("b") + rests("a")) / 2).rolling_mean(USUAL_S, min_samples=FEWEST_S)
    return (pushed / usual) / (1 + meets / usual)


def came(side: str) -> pl.Expr:
    """Added less cancelled and filled."""
    return pl.sum_horizontal(
        weight * (pl.col(f"add_{side}_{band}") - pl.col(f"can_{side}_{band}") - pl.col(f"fil_{side}_{band}"))
        for band, weight in WEIGHTS.items()
    )


def rests(side: str) -> pl.Expr:
    """Lots at the end of the second; null where that of one band is not known."""
    return sum((weight * pl.col(f"depth_end_{side}_{band}") for band, weight in WEIGHTS.items()), pl.lit(0.0))


def inputs() -> Iterator[str]:
    """The columns of the grid that the force is made of."""
    for where in (f"{side}_{band}" for side in SIDES for band in WEIGHTS):
        yield from (f"{what}_{where}" for what in ("add", "can", "fil", "depth_end"))
