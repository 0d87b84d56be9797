"""How long a market has to go by what was scheduled at the cutoff, in buckets whose borders are fixed beforehand."""

from collections.abc import Sequence
from itertools import pairwise

import polars as pl

HOUR, DAY = 3_600, 86_400
BORDERS_S = (HOUR, 6 * HOUR, DAY, 3 * DAY, 7 * DAY, 14 * DAY, 30 * DAY, 90 * DAY)
PAST = "PAST"  # the scheduled end had come, and nothing was told of an answer


def bucket(seconds: pl.Expr, borders_s: Sequence[int] = BORDERS_S) -> pl.Expr:
    """The bucket `[low, high)` of a time to the end, such as `1h-6h` or `90d+`; null where no end was scheduled."""
    edges = (0, *borders_s)
    within = [
        pl.when(seconds.is_between(low, high, closed="left")).then(pl.lit(f"{span(low)}-{span(high)}"))
        for low, high in pairwise(edges)
    ]
    past, beyond = pl.when(seconds < 0).then(pl.lit(PAST)), pl.when(seconds >= edges[-1])
    return pl.coalesce(past, *within, beyond.then(pl.lit(f"{span(edges[-1])}+")))


def span(seconds: int) -> str:
    """Seconds in the largest unit that they are a whole number of: `90d`, `6h`, `30m`, `45s`."""
    units = (("d", DAY), ("h", HOUR), ("m", 60))
    whole = (f"{seconds // size}{unit}" for unit, size in units if seconds and seconds % size == 0)
    return next(whole, f"{seconds}s" if seconds else "0")


def refuse_unsorted(borders_s: Sequence[int]) -> None:
    """Raise unless the borders are seconds above 0 that rise."""
    given = list(borders_s)
    if given != sorted(set(given)) or any(border <= 0 for border in given):
        raise ValueError(
            f"tte_borders_s: expected seconds above 0, each above the one before, found {given}; mend datasets.yaml"
        )
