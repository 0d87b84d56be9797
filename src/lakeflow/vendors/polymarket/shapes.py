"""The columns of the tables that answers are read into, in the order of their rows."""

from typing import Any

import polars as pl

TEXT, COUNT, TRUTH, NANOS = pl.String, pl.Int64, pl.Boolean, pl.Int64
TEXTS, COUNTS = pl.List(pl.String), pl.List(pl.Int64)

SHAPES: dict[str, dict[str, Any]] = {
    "sightings": {
        "condition_id": TEXT, "market_id": TEXT, "slug": TEXT, "question": TEXT, "rules_sha256": TEXT, "has_source": TRUTH,
        "protocol": TEXT, "outcomes": TEXTS, "token_ids": TEXTS, "prices": COUNTS, "tags": TEXTS, "category_said": TEXT,
        "event_ids": TEXTS, "parent_event_ids": TEXTS, "group_id": TEXT, "group_item": TEXT, "group_place": TEXT, "neg_risk": TRUTH, "sports_type": TEXT,
        "game_id": TEXT, "active": TRUTH, "closed": TRUTH, "archived": TRUTH, "accepting_orders": TRUTH,
        "resolution_status": TEXT, "resolved_by_itself": TRUTH, "tick": COUNT, "best_bid": COUNT, "best_ask": COUNT,
        "last_price": COUNT, "volume": COUNT, "volume_day": COUNT, "liquidity": COUNT, "fees_enabled": TRUTH, "fee_type": TEXT,
        "fee_exponent": COUNT, "fee_rate": COUNT, "fee_taker_only": TRUTH, "fee_rebate_rate": COUNT, "ts_created": NANOS, "ts_start": NANOS,
        "ts_end": NANOS, "ts_game": NANOS, "ts_resolution_end": NANOS, "ts_closed": NANOS, "not_understood": TEXTS,
    },
    "price_points": {"token_id": TEXT, "ts_event": NANOS, "price": COUNT, "resolution_s": COUNT},
    "trades": {
        "condition_id": TEXT, "token_id": TEXT, "ts_event": NANOS, "side": TEXT, "price": COUNT, "size": COUNT, "wallet": TEXT,
        "transaction": TEXT, "maker_count": COUNT, "is_taker": TRUTH,
    },
    "fills": {
        "fill_id": TEXT, "transaction": TEXT, "token_id": TEXT, "ts_event": NANOS, "side": TEXT, "price": COUNT, "size": COUNT,
        "paid": COUNT, "wallet": TEXT, "counterparty": TEXT, "protocol": TEXT,
    },
    "open_interest": {"condition_id": TEXT, "open_interest": COUNT},
    "resolution_events": {
        "condition_id": TEXT, "source": TEXT, "status": TEXT, "payouts": COUNTS, "proposed": COUNT, "was_disputed": TRUTH,
        "rules_updated": TRUTH, "ts_event": NANOS, "token_ids": TEXTS, "transaction": TEXT,
    },
    "rest_books": {
        "condition_id": TEXT, "token_id": TEXT, "ts_event": NANOS, "bid_prices": COUNTS, "bid_sizes": COUNTS, "ask_prices": COUNTS,
        "ask_sizes": COUNTS, "hash_status": TEXT,
    },
    "trading_terms": {
        "condition_id": TEXT, "token_ids": TEXTS, "outcomes": TEXTS, "tick": COUNT, "least_size": COUNT, "maker_fee_bps": COUNT,
        "taker_fee_bps": COUNT, "neg_risk": TRUTH, "accepting_orders": TRUTH,
    },
}  # fmt: skip
TIMES = frozenset(
    {
        "ts_observed",
        "ts_event",
        "ts_created",
        "ts_start",
        "ts_end",
        "ts_game",
        "ts_resolution_end",
        "ts_closed",
    }
)
