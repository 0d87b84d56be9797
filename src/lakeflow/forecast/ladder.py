"""Scores of questions with more than two outcomes: groups of which one wins, and ladders whose rungs have an order.

Groups lie one after another in flat arrays; `starts` has the place where each begins. A winner is a place within its group.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from lakeflow.forecast.compiled import Floats, Ints
from lakeflow.forecast.draws import Stream
from lakeflow.forecast.scores import EPSILON


class Groups(NamedTuple):
    """Groups of chances that sum to 1, and the outcome of each that came true."""

    p: Floats
    starts: Ints
    sizes: Ints
    winner: Ints  # the place in `p`
    overround: Floats  # what the chances summed to before


def groups(p: ArrayLike, starts: ArrayLike, winner: ArrayLike) -> Groups:
    """The groups, each brought to a sum of 1."""
    chance = np.asarray(p, np.float64)
    begin, won = np.asarray(starts, np.int64), np.asarray(winner, np.int64)
    sizes = np.diff(np.append(begin, chance.size))
    if (
        begin.shape != won.shape
        or (sizes < 1).any()
        or (begin.size and begin[0] != 0)
        or (chance.size > 0 and not begin.size)
    ):
        raise ValueError(
            f"groups begin at 0 and have one outcome or more and one winner each: {begin.size} starts, {won.size} winners"
        )
    if not ((chance >= 0) & (chance < np.inf)).all() or ((won < 0) | (won >= sizes)).any():
        raise ValueError(
            "chances are finite and not below 0, winners are places within their groups; leave out what is not"
        )
    total = np.add.reduceat(chance, begin) if begin.size else np.zeros(0)
    if not (total > 0).all():
        raise ValueError(f"group {int(np.argmin(total > 0))}: all its chances are 0; leave it out")
    return Groups(chance / np.repeat(total, sizes), begin, sizes, begin + won, total)


def multi_brier(each: Groups) -> Floats:
    """The sum of squared distances over the outcomes of each group, from 0 to 2."""
    squares = np.add.reduceat(np.square(each.p), each.starts)
    brier: Floats = squares - 2 * each.p[each.winner] + 1
    return brier


def log_score(each: Groups) -> Floats:
    """The log score of the winner of each group in nats, clipped at EPSILON."""
    score: Floats = -np.log(np.clip(each.p[each.winner], EPSILON, None))
    return score


def rps(each: Groups) -> Floats:
    """The ranked probability score of each group: the sum of squared distances of the two cumulative distributions."""
    came = np.arange(each.p.size) >= np.repeat(each.winner, each.sizes)
    score: Floats = np.add.reduceat(np.square(cumulative(each) - came), each.starts)
    return score


def rps_normalised(each: Groups) -> Floats:
    """RPS over the outcomes less one, from 0 to 1; 0 for a group of one outcome."""
    return rps(each) / np.maximum(each.sizes - 1, 1)


def cumulative(each: Groups) -> Floats:
    """The chance of each outcome or one before it; the last of a group is 1."""
    running = np.cumsum(each.p)
    before = (running - each.p)[each.starts]
    within = np.clip(running - np.repeat(before, each.sizes), 0.0, 1.0)
    within[each.starts + each.sizes - 1] = 1.0
    return within


def pit(each: Groups, seed: int) -> Floats:
    """A random point of the winner's step of the distribution: uniform on [0, 1] over groups if they are calibrated."""
    upper = cumulative(each)[each.winner]
    return upper - each.p[each.winner] * Stream(seed).uniform(each.winner.size)


def rungs(above: ArrayLike) -> Floats:
    """The chances of the intervals between ascending thresholds, from the chances to end above each.

    Prices out of order, where a higher threshold is the likelier, are made non-increasing by running averages of both ways.
    """
    survival = np.asarray(above, np.float64)
    down = (np.minimum.accumulate(survival) + np.maximum.accumulate(survival[::-1])[::-1]) / 2
    return -np.diff(np.concatenate([[1.0], down, [0.0]]))
