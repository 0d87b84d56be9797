"""What may be known at the end of a second and say something of the next ones: rows of the strict grid up to it alone."""

from collections.abc import Iterator

import numpy as np
import polars as pl

from lakeflow.truth.bands import BANDS, SIDES
from lakeflow.truth.pressure import LEVELS

FADES_S = (2, 8, 32, 128)
SPANS_S = (1, 5, 30)
CAUSES = ("trade", "cancel", "add", "modify", "reset")
FLOWS = ("add", "can", "fil")
RATIOS_S = ((10, 120), (30, 300), (60, 900))
REGIMES = (1, 2, 3, 4, 5, 9)


def features() -> list[pl.Expr]:
    """By name, a row a second of the grid with `regime_rt`. What is not known is null."""
    return [*book(), *imbalance(), *liquidity(), *causes(), *motion(), *regime(), *of_day()]


def inputs() -> list[str]:
    """The columns of the grid that they are made of, but for the regime; sorted."""
    return sorted({name for each in features() for name in each.meta.root_names()} - {"regime_rt"})


def book() -> Iterator[pl.Expr]:
    yield from (pl.col(name) for name in ("qi_1", "qi_5", "qi_10", "spread_ticks", "slope_b", "slope_a"))
    yield gap().alias("gap")
    for n in (1, 5, 10):
        bid, ask = (pl.col(f"depth_{side}_{n}").cast(pl.Float64).log1p() for side in SIDES)
        yield (bid - ask).alias(f"ratio_{n}")


def gap() -> pl.Expr:
    """Ticks from the mid to the microprice."""
    return (pl.col("microprice") - pl.col("mid")) / pl.col("tick")


def imbalance() -> Iterator[pl.Expr]:
    """In lots, level by level; what makes one number of the levels is fitted, so it is no column here."""
    for level in range(1, LEVELS + 1):
        yield from over(f"ofi_{level}")


def over(name: str) -> Iterator[pl.Expr]:
    """A flow summed over the last second, five and thirty; whole lots, so that a sum does not depend on its order."""
    flow = pl.col(name).cast(pl.Int64)
    yield from (flow.rolling_sum(span).alias(f"{name}_{span}s") for span in SPANS_S)


def liquidity() -> Iterator[pl.Expr]:
    """Of each side and band: what is added, cancelled and filled for each lot that rested, now and as means that fade."""
    for where in (f"{side}_{band}" for side in SIDES for band in BANDS):
        yield pl.col(f"liq_vel_{where}")
        for name in (f"{flow}_int_{where}" for flow in FLOWS):
            yield pl.col(name)
            yield from (faded(name, tau) for tau in FADES_S)


def faded(name: str, tau: int) -> pl.Expr:
    """A mean in which a second counts 1/e of one `tau` seconds later."""
    return pl.col(name).ewm_mean(alpha=1 - float(np.exp(-1 / tau))).alias(f"{name}_{tau}")


def causes() -> Iterator[pl.Expr]:
    """What moved the mid, and what was bought less what was sold."""
    for name in ("signed_vol", *(f"dmid_{cause}" for cause in CAUSES)):
        yield from over(name)


def motion() -> Iterator[pl.Expr]:
    returns = (f"ret_{span}s" for span in (1, 5, 10, 30, 60))
    yield from (pl.col(name) for name in (*returns, "accel_10s", "vel_10s", "dvel"))
    for fast, slow in RATIOS_S:
        yield (pl.col(f"rv_{fast}s") / (pl.col(f"rv_{slow}s") + 1e-9)).alias(f"rv_{fast}_{slow}")


def regime() -> Iterator[pl.Expr]:
    yield from ((pl.col("regime_rt") == code).alias(f"regime_{code}") for code in REGIMES)


def of_day() -> Iterator[pl.Expr]:
    """The time of day on the venue's clock, so that summer time does not move it."""
    angle = pl.col("ts_local").dt.epoch("s") % 86_400 * (2 * np.pi / 86_400)
    yield angle.sin().alias("sin")
    yield angle.cos().alias("cos")
