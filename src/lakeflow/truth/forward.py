"""What came after a second: returns, the best and the worst on the way, volatility. Labels, never features."""

from typing import Any, NamedTuple

import numpy as np
import polars as pl

from lakeflow.truth.arrays import Bools, Floats, Ints, plain
from lakeflow.truth.compiled import kernel

HORIZONS = (5, 10, 30, 60, 300, 900)
MAX_AGE = 5


class Path(NamedTuple):
    """The seconds of a session: the carried mid, its age (-1 before the first), halts, volatility over 300 seconds."""

    mid: Floats
    age: Ints
    halted: Bools
    slow: Floats


class Outcome(NamedTuple):
    """One item for each second asked for; NaN where it is not known."""

    ret: Floats
    best: Floats
    worst: Floats
    vol: Floats


def outcomes(path: Path, at: Ints, direction: Ints, horizons: tuple[int, ...] = HORIZONS) -> pl.DataFrame:
    """From the end of the seconds `at`, which for an event is t_detect, to the end of the second `h` later.

    Null beyond the session's last second, where the mid is old at either end, and across a halt. `cont` is null for ties.
    """
    columns: dict[str, pl.Series] = {}
    for h in horizons:
        found = outcome(path, at, direction, h)
        slow = path.slow[at]
        ratio = np.divide(found.vol, slow, out=np.full(len(at), np.nan), where=slow > 0)
        values = {"ret": found.ret, "mfe": found.best, "mae": found.worst, "rv_ratio": ratio}
        columns |= {f"fwd_{name}_{h}": pl.Series(value).fill_nan(None) for name, value in values.items()}
        columns[f"cont_{h}"] = _continued(found.ret, direction)
    return pl.DataFrame(columns)


def _continued(ret: Floats, direction: Ints) -> pl.Series:
    gain = direction * ret
    return pl.Series(gain > 0).set(pl.Series(np.isnan(gain) | (gain == 0)), None)


def outcome(path: Path, at: Ints, direction: Ints, horizon: int) -> Outcome:
    out = Outcome(*(np.full(len(at), np.nan) for _ in range(4)))
    logs = np.log(np.where(path.mid > 0, path.mid, np.nan))
    given = Path(*map(plain, path._replace(mid=logs)))
    follow(given, plain(at), plain(direction), (horizon, MAX_AGE), out)
    return out


@kernel
def follow(path: Any, at: Any, direction: Any, rule: Any, out: Any) -> None:
    """`path.mid` is its logarithm here."""
    horizon, max_age = rule
    for i in range(len(at)):
        start, end = at[i], at[i] + horizon
        if end >= len(path.mid) or not 0 <= path.age[start] <= max_age or not 0 <= path.age[end] <= max_age:
            continue
        # best, worst: furthest with and against the direction · total: squared returns on the way
        best, worst, total, cut = -np.inf, np.inf, 0.0, path.halted[start]
        for t in range(start + 1, end + 1):
            cut = cut or path.halted[t]
            gain = direction[i] * (path.mid[t] - path.mid[start])
            best, worst = max(best, gain), min(worst, gain)
            total += (path.mid[t] - path.mid[t - 1]) ** 2
        if not cut and not np.isnan(total):
            out.ret[i] = path.mid[end] - path.mid[start]
            out.vol[i] = np.sqrt(total / horizon)
            if direction[i] != 0:
                out.best[i], out.worst[i] = best, worst
