"""Trades of a fast market: an aggressor takes from the front of the best queue, and everything the venue tells of it."""

from lakeflow.simulate.compiled import piece
from lakeflow.simulate.hazards import HIDDEN, MIXED, UNPRINTED, UNSIDED
from lakeflow.simulate.pit import MOST_FILLS, WINDOW, Pit
from lakeflow.simulate.plain import ASK, BID, CANCEL, FILL, MODIFY, TRADE, Number, Rows
from lakeflow.simulate.queues import shrink
from lakeflow.simulate.tape import dice, lots, tell, tell_other

STRANGER = 9_000_000_000_000_000  # and above: numbers of orders that nobody was told of


@piece
def trade(pit: Pit, rows: Rows, b: Number, style: Number, hazards: Number) -> None:
    """The further the price has gone from where it opened, the likelier a trade brings it back."""
    drift = (pit.bid[b] - WINDOW // 2) / (WINDOW // 2)
    hit(pit, rows, b, BID if dice(pit) < 0.5 - 0.4 * drift else ASK, style, hazards)


@piece
def hit(pit: Pit, rows: Rows, b: Number, aggressor: Number, style: Number, hazards: Number) -> None:
    """An aggressor takes what the other side's best queue has, or what is hidden there."""
    resting = ASK if aggressor == BID else BID
    tick = pit.ask[b] if resting == ASK else pit.bid[b]
    price, how = pit.origin[b] + tick * pit.grid[b], dice(pit)
    if hazards & UNSIDED and how < 0.03:
        unsided(pit, rows, b, price)
    elif hazards & HIDDEN and how < 0.05:
        tell_trade(pit, rows, aggressor, price, 4, style)
        tell_other(pit, rows, FILL, resting, STRANGER + pit.sequence, price, 4)
    else:
        count = fills_of(pit, b, resting, tick, 1 if style == 1 else MOST_FILLS)
        told = not (hazards & UNPRINTED and how < 0.09)
        tell_fills(pit, rows, b, aggressor, count, told, hazards, style)


@piece
def unsided(pit: Pit, rows: Rows, b: Number, price: Number) -> None:
    """A trade at, above or below the mid whose aggressor nobody tells: nothing that rests is filled, or one order is."""
    away = int(dice(pit) * 5) - 2
    if away != 0:
        tell_other(pit, rows, TRADE, -1, 0, price + away * pit.grid[b], lots(pit, 10))
        return
    slot = pit.front[b, BID, pit.bid[b]]
    tell_other(pit, rows, TRADE, -1, 0, pit.price[b, slot], pit.size[b, slot])
    tell(pit, rows, b, slot, FILL, pit.size[b, slot])
    tell(pit, rows, b, slot, CANCEL, pit.size[b, slot])
    shrink(pit, b, slot, pit.size[b, slot])


@piece
def tell_trade(pit: Pit, rows: Rows, aggressor: Number, price: Number, size: Number, style: Number) -> None:
    """Nasdaq gives a trade no number of an order."""
    tell_other(pit, rows, TRADE, aggressor, 0 if style == 1 else STRANGER // 2 + pit.sequence, price, size)


@piece
def fills_of(pit: Pit, b: Number, side: Number, tick: Number, most: Number) -> Number:
    """Choose who is filled and by how much; one aggressor in ten sweeps the level. How many are chosen comes back."""
    count = 0
    wanted = 1_000_000_000 if dice(pit) < 0.1 else lots(pit, 20)
    slot = pit.front[b, side, tick]
    while slot != 0 and wanted > 0 and count < most:
        size = min(wanted, pit.size[b, slot])
        pit.fills[count, 0], pit.fills[count, 1] = slot, size
        wanted -= size
        count += 1
        slot = pit.behind[b, slot]
    return count


@piece
def tell_fills(  # noqa: PLR0913  a kernel takes scalars
    pit: Pit,
    rows: Rows,
    b: Number,
    aggressor: Number,
    count: Number,
    is_told: Number,
    hazards: Number,
    style: Number,
) -> None:
    """The trade, every fill, then what becomes of every order that is filled."""
    hidden = lots(pit, 5) if hazards & HIDDEN and style != 1 and dice(pit) < 0.05 else 0
    first = pit.fills[0, 0]
    side, price = pit.side[b, first], pit.price[b, first]
    if is_told:
        total = hidden
        for n in range(count):
            total += pit.fills[n, 1]
        tell_trade(pit, rows, aggressor, price, total, style)
    for n in range(count):
        tell(pit, rows, b, pit.fills[n, 0], FILL, pit.fills[n, 1])
    if hidden > 0:
        tell_other(pit, rows, FILL, side, STRANGER + pit.sequence, price, hidden)
    for n in range(count):
        settle_fill(pit, rows, b, pit.fills[n, 0], pit.fills[n, 1], hazards, style)


@piece
def settle_fill(  # noqa: PLR0913  a kernel takes scalars
    pit: Pit, rows: Rows, b: Number, slot: Number, size: Number, hazards: Number, style: Number
) -> None:
    """A full fill is a cancel; a partial one a modify to what is left, or a cancel of what went, or of all there is."""
    held, chance = pit.size[b, slot], dice(pit)
    if size < held and hazards & MIXED and chance < 0.05:
        size = held
    if size < held and style != 1 and chance < 0.8:
        tell(pit, rows, b, slot, MODIFY, held - size)
    else:
        tell(pit, rows, b, slot, CANCEL, size)
    shrink(pit, b, slot, size)


@piece
def uncross(pit: Pit, rows: Rows, b: Number) -> None:
    """The best two orders of a crossed book meet: a trade without an aggressor, both filled."""
    one, other = pit.front[b, BID, pit.bid[b]], pit.front[b, ASK, pit.ask[b]]
    size, price = min(pit.size[b, one], pit.size[b, other]), pit.price[b, other]
    tell_other(pit, rows, TRADE, -1, 0, price, size)
    tell_other(pit, rows, FILL, BID, pit.ids[b, one], price, size)
    tell_other(pit, rows, FILL, ASK, pit.ids[b, other], price, size)
    for slot in (one, other):
        settle_fill(pit, rows, b, slot, size, 0, 0)
