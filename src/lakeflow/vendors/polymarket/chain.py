"""OrderFilled events of the chain: one for each maker of a match and one for its taker, told apart so that volume is there once."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any, NamedTuple

import polars as pl

from lakeflow.vendors.polymarket import faults
from lakeflow.vendors.polymarket.amounts import count
from lakeflow.vendors.polymarket.coverage import V2_CUTOVER
from lakeflow.vendors.polymarket.instants import instant
from lakeflow.vendors.polymarket.needed import Refused, need, token

COLLATERAL, WHOLE = "0", 1_000_000
SIDES = {"0": "BUY", "1": "SELL", "BUY": "BUY", "SELL": "SELL"}


class Fill(NamedTuple):
    """What the owner of an order paid and got; the taker's leg is against the exchange itself."""

    fill_id: str
    transaction: str
    token_id: str
    ts_event: int
    side: str
    price: int
    size: int
    paid: int
    wallet: str
    counterparty: str
    protocol: str


def fill(item: Any, _: Mapping[str, Any]) -> Fill:
    """An event of either protocol: the first says the side by which asset the owner gave, the second outright."""
    gave, got = token(item.get("makerAssetId")), token(item.get("takerAssetId"))
    if not item.get("id"):
        raise Refused(faults.NO_ID, "a fill has an id")
    if (gave == COLLATERAL) == (got == COLLATERAL):
        raise Refused(faults.BAD_TOKEN_ID, "a fill is of a token against money, expected one asset 0")
    amounts = {gave: count(item["makerAmountFilled"]), got: count(item["takerAmountFilled"])}
    traded = got if gave == COLLATERAL else gave
    paid, size = amounts[COLLATERAL], amounts[traded]
    if not 0 <= paid <= size or not size:
        raise Refused(faults.PRICE_RANGE, f"{paid} for {size}")
    price = int((Decimal(paid) * WHOLE / size).to_integral_value(ROUND_HALF_EVEN))
    return Fill(
        str(item["id"]).lower(), str(item["transactionHash"]).lower(), traded, need(instant(item["timestamp"])), side(item, gave), price,
        size, paid, str(item.get("maker") or "").lower(), str(item.get("taker") or "").lower(), "v2" if item.get("side") not in (None, "") else "v1",
    )  # fmt: skip


NEEDED = ("fill_id", "transaction", "is_taker_leg", "counterparty", "protocol")
NEAR = timedelta(
    hours=1
)  # between the time that the service gives a trade and that of its block, with room to spare
BESIDE = ("maker_count", "protocol_version")


def fills_of(trades: pl.DataFrame, fills: pl.DataFrame, earlier: pl.LazyFrame) -> pl.DataFrame:
    """The fills of the transactions of some trades, of the day and of those before it."""
    if trades.is_empty():
        return fills.select(NEEDED).clear()
    since = pl.col("ts_event") >= pl.lit(trades["ts_event"].min()) - NEAR
    every = pl.concat([rows.filter(since).select(NEEDED) for rows in (fills.lazy(), earlier)])
    return every.join(trades.lazy().select("transaction"), on="transaction", how="semi").collect()


def matched(trades: pl.DataFrame, fills: pl.DataFrame) -> pl.DataFrame:
    """Trades with their makers and the version of the exchange, by the fills of their transactions.

    Without a fill the makers are those that the service named, and the version is that of the instant: at one all moved to the second.
    """
    of_trades = fills.unique("fill_id")
    makers = (
        of_trades.filter(~pl.col("is_taker_leg"))
        .group_by("transaction", wallet="counterparty")
        .agg(told=pl.len().cast(pl.Int64))
    )
    versions = of_trades.group_by("transaction").agg(pl.col("protocol").max())
    by_instant = pl.when(pl.col("ts_event") < V2_CUTOVER).then(pl.lit("v1")).otherwise(pl.lit("v2"))
    return (
        trades.join(makers, on=["transaction", "wallet"], how="left", maintain_order="left")
        .join(versions, on="transaction", how="left", maintain_order="left")
        .with_columns(
            maker_count=pl.coalesce("told", "maker_count"),
            protocol_version=pl.coalesce("protocol", by_instant),
        )
        .drop("told", "protocol")
        .select(pl.exclude(BESIDE), *BESIDE)
    )


def side(item: Any, gave: str) -> str:
    """What the owner of the order did."""
    said = item.get("side")
    if said in (None, ""):
        return "BUY" if gave == COLLATERAL else "SELL"
    if str(said) not in SIDES:
        raise Refused(faults.BAD_AMOUNT, f"expected side 0 or 1, found {said}")
    return SIDES[str(said)]


def taker_legs(fills: pl.DataFrame, exchanges: Collection[str]) -> pl.DataFrame:
    """Fills with whether each is its match's leg of the taker: the one against the exchange itself."""
    known = sorted(each.lower() for each in exchanges)
    return fills.with_columns(is_taker_leg=pl.col("counterparty").is_in(known)).select(LEGS)


LEGS = (
    "ts_observed", "fill_id", "transaction", "token_id", "ts_event", "side", "price", "size", "paid", "wallet", "is_taker_leg",
    "protocol", "counterparty",
)  # fmt: skip


def unknown_exchanges(parts: Iterable[pl.DataFrame]) -> Iterator[faults.Fault]:
    """Counterparties that may be an exchange that nobody knew, of fills of which those of one match are in one part.

    Their fills are rows all the same; only their volume is not told from that of the makers.
    """
    each = [lone(fills) for fills in parts]
    if not each:
        return
    told = pl.concat(each).group_by("counterparty").agg(pl.col("matches").sum(), pl.col("observed").min())
    for address, matches, observed in told.sort("counterparty").iter_rows():
        detail = f"no known exchange is in {matches} matches; is {address} one, or is the taker's fill not fetched? Their fills are kept"
        yield faults.Fault("fills", faults.UNKNOWN_EXCHANGE, detail, observed, "", address, address)


def lone(fills: pl.DataFrame) -> pl.DataFrame:
    """Counterparties of matches without a leg of the taker which are no wallet of that match: in how many, and since when."""
    has_leg = pl.col("is_taker_leg").any().over("transaction")
    wallets = fills.select("transaction", counterparty="wallet").unique()
    others = fills.filter(~has_leg).join(wallets, on=["transaction", "counterparty"], how="anti")
    return others.group_by("counterparty").agg(
        matches=pl.col("transaction").n_unique(), observed=pl.col("ts_observed").min()
    )
