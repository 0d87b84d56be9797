"""What traders do in a fast market: the kernel that makes events, a book at a time, until a stretch of the day is over."""

from lakeflow.simulate.compiled import kernel, piece
from lakeflow.simulate.hazards import NOTES, STUBS
from lakeflow.simulate.pit import OUTSIDE, PLACES, UNRULY, WINDOW, Pit, Pits
from lakeflow.simulate.plain import ADD, ASK, BID, CANCEL, MODIFY, NO_PRICE, NOTE, Number, Rows
from lakeflow.simulate.queues import best_ask, best_bid, enter, move, queue, shrink, unqueue
from lakeflow.simulate.tape import begin, dice, end, lots, tell, tell_other
from lakeflow.simulate.trades import hit, trade, uncross

FUTURES, SHARES = 0, 1
THIN = 6  # a side with fewer levels is refilled before anything else happens
REACH = 25
LONGEST = 256  # records of an event at most
CROSSING = 0.03  # of the orders before an open; few enough that the first minute of trading is done with them
MOOD = 0.2  # how much likelier a mood makes it that offers go and not bids
STUB = 100_000  # the lowest bid of a share, 0.0001; the highest offer is the book's `far`


@kernel
def act(pits: Pits, rows: Rows, style: Number, hazards: Number) -> Number:
    """Make events until `pit.left` are made, the rows are full or the day is over; the number of rows comes back."""
    pit = pits[0]
    pit.written = 0
    while pit.left > 0 and pit.written + LONGEST < len(rows):
        if not begin(pit):
            pit.left = 0
            break
        pit.left -= 1
        b = whose(pit)
        is_ended = happen(pit, rows, b, style, hazards)
        end(pit, rows, b, hazards, is_ended)
    return pit.written


@kernel
def crowd(pits: Pits, b: Number, hazards: Number) -> None:
    """Fill a book that nobody has been told of."""
    pit = pits[0]
    while pit.live[b] < pit.target[b]:
        side = pit.live[b] % 2
        if pit.bid[b] == OUTSIDE or pit.ask[b] == WINDOW:
            enter(pit, b, side, WINDOW // 2 - 1 + side, 3)
        else:
            arrive(pit, b, side, hazards)


@piece
def whose(pit: Pit) -> Number:
    """Which book it happens in; where venues share a price, now and then the mood of all of them turns."""
    if pit.joint and dice(pit) < 0.002:
        pit.mood = int(dice(pit) * 5) - 2
    chance = dice(pit)
    for b in range(pit.books):
        chance -= pit.share[b]
        if chance < 0:
            return b
    return pit.books - 1


@piece
def happen(pit: Pit, rows: Rows, b: Number, style: Number, hazards: Number) -> Number:
    """One event of a book; whether its last line says that it is the last."""
    is_before_open = pit.opening[pit.minute]
    if min(pit.bids[b], pit.asks[b]) < THIN:
        side = BID if pit.bids[b] <= pit.asks[b] else ASK
        slot = refill(pit, b, side)
        tell(pit, rows, b, slot, ADD, pit.size[b, slot])
        return True
    if not is_before_open and pit.bid[b] >= pit.ask[b]:
        uncross(pit, rows, b)
        return True
    if (
        not is_before_open
        and pit.joint
        and (best_bid(pit, b) >= pit.ask[b] or pit.bid[b] >= best_ask(pit, b))
    ):
        hit(pit, rows, b, BID if best_bid(pit, b) >= pit.ask[b] else ASK, style, hazards)
        return True
    if hazards & NOTES and dice(pit) < 0.001:
        tell_other(pit, rows, NOTE, -1, 0, NO_PRICE, 0)
        return dice(pit) < 0.5
    crowding = 0.06 * min(1.0, max(-1.0, (pit.live[b] - pit.target[b]) / pit.target[b]))
    kind = dice(pit)
    if kind < 0.46 - crowding and pit.live[b] < PLACES - 64:
        slot = arrive(pit, b, int(dice(pit) * 2), hazards)
        tell(pit, rows, b, slot, ADD, pit.size[b, slot])
    elif kind < 0.885:
        cancel(pit, rows, b)
    elif kind < 0.985 or is_before_open:
        change(pit, rows, b, style)
    else:
        trade(pit, rows, b, style, hazards)
    return True


@piece
def refill(pit: Pit, b: Number, side: Number) -> Number:
    """An order for a side that has become thin, near the middle of the window if there is nothing to go by."""
    away = int(dice(pit) * 12)
    bid, ask = best_bid(pit, b), best_ask(pit, b)
    if side == BID:
        top = bid if bid > OUTSIDE else (ask if ask < WINDOW else WINDOW // 2) - 1
        return enter(pit, b, side, min(max(top - away, 1), ask - 1), lots(pit, 20))
    top = ask if ask < WINDOW else (bid if bid > OUTSIDE else WINDOW // 2) + 1
    return enter(pit, b, side, max(min(top + away, WINDOW - 2), bid + 1), lots(pit, 20))


@piece
def arrive(pit: Pit, b: Number, side: Number, hazards: Number) -> Number:
    """A new order: mostly near the touch, sometimes inside the spread, now and then far away."""
    if hazards & STUBS and dice(pit) < 0.005:
        slot = enter(pit, b, side, OUTSIDE, lots(pit, 20))
        ticks = 3_000 + int(dice(pit) * 7_000)
        pit.price[b, slot] = pit.origin[b] + (WINDOW // 2 + (-ticks if side == BID else ticks)) * pit.grid[b]
        if pit.far[b] != 0:
            pit.price[b, slot] = STUB if side == BID else pit.far[b]
        return slot
    return enter(pit, b, side, near(pit, b, side), lots(pit, 20))


@piece
def near(pit: Pit, b: Number, side: Number) -> Number:
    """A tick near the touch that does not meet the other side, unless the market is about to open."""
    chance = dice(pit)
    away = int(chance * chance * REACH) if dice(pit) > 0.05 else -1
    away += -pit.mood if side == BID else pit.mood
    if pit.opening[pit.minute] and dice(pit) < CROSSING:
        away = -int(dice(pit) * 6)
    elif pit.joint == UNRULY and dice(pit) < 0.01:
        away = int(dice(pit) * 3)
        return (
            min(best_ask(pit, b) + away, pit.ask[b] - 1)
            if side == BID
            else max(best_bid(pit, b) - away, pit.bid[b] + 1)
        )
    elif side == BID:
        return max(min(best_bid(pit, b) - away, best_ask(pit, b) - 1), 1)
    else:
        return min(max(best_ask(pit, b) + away, best_bid(pit, b) + 1), WINDOW - 2)
    return min(max(pit.bid[b] - away if side == BID else pit.ask[b] + away, 1), WINDOW - 2)


@piece
def some(pit: Pit, b: Number) -> Number:
    """The slot of a resting order; lives have a heavy tail, so mostly of a young one."""
    resting, chance = pit.live[b], dice(pit)
    return pit.slots[b, resting - 1 - int(chance * chance * chance * (resting - 1))]


@piece
def cancel(pit: Pit, rows: Rows, b: Number) -> None:
    """All of an order, or one time in fourteen a part; one in five is the first at the touch, which is how prices move."""
    slot = some(pit, b)
    if not pit.opening[pit.minute] and dice(pit) < 0.2:
        side = ASK if dice(pit) < 0.5 + MOOD * pit.mood else BID
        slot = pit.front[b, side, pit.bid[b] if side == BID else pit.ask[b]]
    size = pit.size[b, slot]
    if size > 1 and dice(pit) < 0.07:
        size //= 2
    tell(pit, rows, b, slot, CANCEL, size)
    shrink(pit, b, slot, size)


@piece
def change(pit: Pit, rows: Rows, b: Number, style: Number) -> None:
    """Smaller keeps the place in the queue; larger or elsewhere loses it. A share's order is replaced by a new one."""
    slot = some(pit, b)
    if style == SHARES:
        side, size = pit.side[b, slot], pit.size[b, slot]
        tell(pit, rows, b, slot, CANCEL, size)
        shrink(pit, b, slot, size)
        slot = enter(pit, b, side, near(pit, b, side), lots(pit, 20))
        tell(pit, rows, b, slot, ADD, pit.size[b, slot])
        return
    what, tick = dice(pit), pit.tick[b, slot]
    if what < 0.4 and pit.size[b, slot] > 1:
        pit.size[b, slot] -= 1
    elif what < 0.6 or tick == OUTSIDE:
        unqueue(pit, b, slot)
        pit.size[b, slot] += lots(pit, 6)
        queue(pit, b, slot, tick)
    else:
        move(pit, b, slot, near(pit, b, pit.side[b, slot]))
    tell(pit, rows, b, slot, MODIFY, pit.size[b, slot])
