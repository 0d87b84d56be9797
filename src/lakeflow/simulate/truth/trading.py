"""The trades of an event, and the fills that belong to them."""

from lakeflow.simulate.compiled import piece
from lakeflow.simulate.plain import BUY, NO_PRICE, SELL, Number, Record
from lakeflow.simulate.truth.desk import NOBODY, UNKNOWN_FILL, Desk
from lakeflow.simulate.truth.resting import find
from lakeflow.simulate.truth.strange import note

SOLD, BOUGHT, UNTOLD = 0, 1, 2
SECOND = 1_000_000_000
BY_SIDE, BY_QUOTE, BY_TICK, BY_NOTHING = range(4)


@piece
def note_trade(desk: Desk, row: Record, number: Number) -> None:
    """A trade is told when its event ends, with the fills that come after it."""
    if row.price != NO_PRICE:
        if desk.has_price != 0 and row.price != desk.last_price:
            desk.turn = 1 if row.price > desk.last_price else -1
        desk.last_price, desk.has_price = row.price, 1
    sign, method = sign_of(desk, row)
    trade = desk.trades[desk.trades_used]
    desk.trades_used += 1
    side = BOUGHT if row.side == BUY else (SOLD if row.side == SELL else UNTOLD)
    trade[0], trade[1], trade[2] = number, row.ts_recv, row.ts_event
    trade[3], trade[4], trade[5] = row.price, row.size, side
    trade[6], trade[7], trade[8], trade[9] = sign, method, 0, 0
    trade[10], trade[11], trade[12] = row.order_id, row.sequence, row.publisher_id
    trade[13] = desk.clock // SECOND * SECOND


@piece
def sign_of(desk: Desk, row: Record) -> tuple[Number, Number]:
    """By the aggressor's side; else by the mid before the event; else by how the price last changed."""
    if row.side == BUY:
        return 1, BY_SIDE
    if row.side == SELL:
        return -1, BY_SIDE
    if row.price == NO_PRICE:
        return 0, BY_NOTHING
    if NO_PRICE not in (desk.bid, desk.ask):
        over = 2 * row.price - desk.bid - desk.ask
        if over != 0:
            return (1 if over > 0 else -1), BY_QUOTE
    return desk.turn, (BY_TICK if desk.turn != 0 else BY_NOTHING)


@piece
def note_fill(desk: Desk, row: Record, venue: Number) -> None:
    """Of the trade that it belongs to, and of the resting order if that is known."""
    # A fill tells the resting side, a trade the aggressor's: the same side on both is another trade's fill.
    own = SOLD if row.side == SELL else (BOUGHT if row.side == BUY else -1)
    for n in range(desk.trades_used - 1, -1, -1):
        trade = desk.trades[n]
        if trade[3] == row.price and trade[5] != own and trade[12] == row.publisher_id:
            trade[8] += row.size
            trade[9] += 1
            break
    if desk.venue[find(desk, venue, row.order_id)] != NOBODY:
        desk.fills[desk.fills_used, 0] = venue
        desk.fills[desk.fills_used, 1] = row.order_id
        desk.fills[desk.fills_used, 2] = row.size
        desk.fills_used += 1
    else:
        note(desk, UNKNOWN_FILL)
