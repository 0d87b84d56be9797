"""What the bench of captured feeds is fed: a day of price changes in the shapes that users have, delivered to a lake of its own."""

import itertools
import json
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl

ROOT = Path(__file__).parents[2]
DAY, SYMBOL = "2026-01-05", "polymarket"
PLACE = f"lake/raw/source=polymarket/product_type=prediction_market/symbol={SYMBOL}/dt={DAY}"
MARKETS, BOOK_EVERY, MIDNIGHT = 200, 5_000, 1_767_571_200_000_000
MANY, PIECE, LATER = (
    200,
    50_000,
    1_000,
)  # files of a day, messages held while an hour is written, microseconds


def project(root: Path, changes: int, shape: str) -> Path:
    """This project with a lake of its own, in which a day is delivered."""
    for part in ("stages", "filters", "selection", "contracts"):
        shutil.copytree(ROOT / part, root / part, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "datasets.yaml", root)
    (root / PLACE).mkdir(parents=True)
    SHAPES[shape](root / PLACE, changes)
    return root


def one_file(folder: Path, changes: int) -> None:
    with (folder / "feed.jsonl").open("w") as file:
        file.writelines(f"{line}\n" for line in lines(changes))


def many_files(folder: Path, changes: int) -> None:
    """As a recorder that begins a file every few minutes."""
    told = lines(changes)
    first, size = next(told), changes // 4 // MANY + 1
    for number, some in enumerate(batched(told, size)):
        (folder / f"feed-{number:04}.jsonl").write_text("\n".join((first, *some)) + "\n")


def two_recorders(folder: Path, changes: int) -> None:
    one_file(folder, changes)
    with (folder / "second.jsonl").open("w") as file:
        for place, line in enumerate(lines(changes)):
            said = json.loads(line)
            said |= {"recv_us": said["recv_us"] + LATER} if place else {"capture": "b"}
            file.write(json.dumps(said) + "\n")


def archived(folder: Path, changes: int) -> None:
    """Hours of the archive, each by market and token as it is published."""
    told = lines(changes)
    next(told)
    for hour, some in itertools.groupby(told, lambda line: json.loads(line)["recv_us"] // 3_600_000_000):
        parts = [
            pl.DataFrame([r for line in p for r in rows(json.loads(line))], infer_schema_length=None)
            for p in batched(some, PIECE)
        ]
        pl.concat(parts, how="diagonal").cast(ARCHIVED).sort(
            "market", "asset_id", "timestamp_received", maintain_order=True
        ).write_parquet(folder / f"hour-{hour}.parquet")


ARCHIVED: Any = dict.fromkeys(
    ("fee_rate_bps", "transaction_hash", "old_tick_size", "new_tick_size"), pl.String
)


def batched(lines: Iterator[str], size: int) -> Iterator[list[str]]:
    while some := list(itertools.islice(lines, size)):
        yield some


def rows(line: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """A line as the archive's rows."""
    frame = json.loads(line["frame"])
    received = datetime.fromtimestamp(line["recv_us"] / 1e6, UTC)
    for message in frame if isinstance(frame, list) else [frame]:
        for change in message.get("price_changes", [{}]):
            said = {**message, **change}
            sides = {
                side: json.dumps(message[side]) if side in message else None for side in ("bids", "asks")
            }
            yield dict.fromkeys(
                ("price", "size", "side", "best_bid", "best_ask", "fee_rate_bps", "transaction_hash", "old_tick_size", "new_tick_size")
            ) | {name: said[name] for name in ("price", "size", "side", "best_bid", "best_ask") if name in said} | {
                "timestamp_received": received, "timestamp": datetime.fromtimestamp(int(message["timestamp"]) / 1e3, UTC), "market": said["market"],
                "event_type": said["event_type"], "asset_id": said["asset_id"], **sides,
            }  # fmt: skip


SHAPES = {"one": one_file, "many": many_files, "two": two_recorders, "archive": archived}


def lines(changes: int) -> Iterator[str]:
    """A capture of two-token messages of four changes, the best prices said rightly, and a book now and then."""
    yield json.dumps({"shard": "polymarket/capture/1", "day": "2026-01-05", "capture": "a"})
    cents = [50] * MARKETS
    for number in range(changes // 4):
        market = number % MARKETS
        before = cents[market]
        cents[market] += (number * 7 // MARKETS) % 3 - 1 if 40 < before < 60 else 50 - before
        frame = (
            message(market, before, cents[market], number)
            if number >= MARKETS and number % BOOK_EVERY
            else books(market, cents[market], number)
        )
        yield json.dumps({"recv_us": MIDNIGHT + number * 80_000, "conn": "1", "seq": number, "frame": frame})


def tokens(market: int) -> tuple[str, str]:
    return str(10**76 + 2 * market), str(10**76 + 2 * market + 1)


def message(market: int, before: int, now: int, number: int) -> str:
    """The bid goes from one level to another, and the other token's ask with it."""
    one, two = tokens(market)
    sides = [
        (one, "BUY", before - 1, 0),
        (one, "BUY", now - 1, 30),
        (two, "SELL", 101 - before, 0),
        (two, "SELL", 101 - now, 30),
    ]
    told = [
        {"asset_id": token, "price": f"0.{cents}", "size": str(size), "side": side, "hash": "56621a121a47ed9333273e21c83b660cff37ae50",
         "best_bid": f"0.{now - 1}" if token == one else "0.02", "best_ask": "0.98" if token == one else f"0.{101 - now}"}
        for token, side, cents, size in sides
    ]  # fmt: skip
    return json.dumps(
        {
            "event_type": "price_change",
            "market": f"0x{market:064x}",
            "timestamp": str(1767571200000 + number * 80),
            "price_changes": told,
        }
    )


def books(market: int, now: int, number: int) -> str:
    both = [
        {"event_type": "book", "market": f"0x{market:064x}", "asset_id": token, "timestamp": str(1767571200000 + number * 80), "hash": "0x1",
         "bids": [{"price": "0.02" if place else f"0.{now - 1}", "size": "30"}], "asks": [{"price": f"0.{101 - now}" if place else "0.98", "size": "30"}]}
        for place, token in enumerate(tokens(market))
    ]  # fmt: skip
    return json.dumps(both)
