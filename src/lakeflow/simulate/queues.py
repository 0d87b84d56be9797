"""How orders join and leave the queues of a fast market's books."""

from lakeflow.simulate.compiled import piece
from lakeflow.simulate.pit import OUTSIDE, WINDOW, Pit
from lakeflow.simulate.plain import BID, Number


@piece
def enter(pit: Pit, b: Number, side: Number, tick: Number, size: Number) -> Number:
    """A new order at the back of a tick's queue; its slot."""
    slot = pit.slots[b, pit.live[b]]
    pit.place[b, slot] = pit.live[b]
    pit.live[b] += 1
    pit.last_id[b] += 1
    pit.ids[b, slot], pit.side[b, slot], pit.size[b, slot] = pit.last_id[b], side, size
    pit.came[b, slot] = pit.moment
    queue(pit, b, slot, tick)
    return slot


@piece
def queue(pit: Pit, b: Number, slot: Number, tick: Number) -> None:
    """Put an order at the back of a tick; one that is outside of all queues only has a rank."""
    side = pit.side[b, slot]
    pit.ranks[b] += 1
    pit.rank[b, slot], pit.tick[b, slot] = pit.ranks[b], tick
    if tick == OUTSIDE:
        return
    pit.price[b, slot] = pit.origin[b] + tick * pit.grid[b]
    last = pit.back[b, side, tick]
    pit.before[b, slot], pit.behind[b, slot], pit.back[b, side, tick] = last, 0, slot
    if last != 0:
        pit.behind[b, last] = slot
        return
    pit.front[b, side, tick] = slot
    if side == BID:
        pit.bids[b] += 1
        pit.bid[b] = max(pit.bid[b], tick)
    else:
        pit.asks[b] += 1
        pit.ask[b] = min(pit.ask[b], tick)


@piece
def unqueue(pit: Pit, b: Number, slot: Number) -> None:
    """Take an order out of its queue."""
    side, tick = pit.side[b, slot], pit.tick[b, slot]
    if tick == OUTSIDE:
        return
    ahead, after = pit.before[b, slot], pit.behind[b, slot]
    if ahead != 0:
        pit.behind[b, ahead] = after
    else:
        pit.front[b, side, tick] = after
    if after != 0:
        pit.before[b, after] = ahead
    else:
        pit.back[b, side, tick] = ahead
    if pit.front[b, side, tick] == 0:
        lose_level(pit, b, side, tick)


@piece
def move(pit: Pit, b: Number, slot: Number, tick: Number) -> None:
    """An order that is moved to where it stands keeps its place: nobody who reads of it could know otherwise."""
    if tick != pit.tick[b, slot]:
        unqueue(pit, b, slot)
        queue(pit, b, slot, tick)


@piece
def lose_level(pit: Pit, b: Number, side: Number, tick: Number) -> None:
    """A tick that nobody queues on any more; the best price may be further away pit."""
    if side == BID:
        pit.bids[b] -= 1
        if tick == pit.bid[b]:
            while tick > OUTSIDE and (pit.bids[b] == 0 or pit.front[b, side, tick] == 0):
                tick -= 1
            pit.bid[b] = tick
        return
    pit.asks[b] -= 1
    if tick == pit.ask[b]:
        while tick < WINDOW and (pit.asks[b] == 0 or pit.front[b, side, tick] == 0):
            tick += 1
        pit.ask[b] = tick


@piece
def shrink(pit: Pit, b: Number, slot: Number, lots: Number) -> None:
    """Take lots from an order; with none left it is gone."""
    pit.size[b, slot] -= lots
    if pit.size[b, slot] > 0:
        return
    unqueue(pit, b, slot)
    pit.live[b] -= 1
    last, free = pit.slots[b, pit.live[b]], pit.place[b, slot]
    pit.slots[b, free], pit.place[b, last] = last, free
    pit.slots[b, pit.live[b]] = slot


@piece
def best_bid(pit: Pit, b: Number) -> Number:
    """The best bid that an order of the book must mind: its own, or that of all venues where they share one price."""
    if not pit.joint:
        return pit.bid[b]
    found = pit.bid[0]
    for venue in range(1, pit.books):
        found = max(found, pit.bid[venue])
    return found


@piece
def best_ask(pit: Pit, b: Number) -> Number:
    """The best offer that an order of the book must mind."""
    if not pit.joint:
        return pit.ask[b]
    found = pit.ask[0]
    for venue in range(1, pit.books):
        found = min(found, pit.ask[venue])
    return found
