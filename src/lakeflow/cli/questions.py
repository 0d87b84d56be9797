"""The queries of the demo: what a user might ask of the tables that it makes, each with what it tells."""

ROWS = (
    "SELECT symbol, count(DISTINCT dt) AS days, count(*) AS quotes, min(bid_price) AS lowest_bid, max(ask_price) AS highest_ask "
    "FROM silver.future_mbo.bbo GROUP BY ALL ORDER BY ALL"
)
MOVES = (
    "SELECT symbol, dt, count(*) AS moves, sum(abs(from_trade)) AS by_trades, sum(abs(from_cancel)) AS by_cancels, "
    "sum(abs(from_add)) AS by_adds, sum(abs(from_modify)) AS by_modifies "
    "FROM silver.future_mbo.moves WHERE symbol LIKE 'ES%' GROUP BY ALL ORDER BY ALL"
)
SESSIONS = (
    "SELECT dt, regime_rt, count(*) AS seconds, sum(vol_1s) AS lots, round(avg(spread_ticks), 2) AS spread, "
    "round(1e4 * avg(rv_60s), 3) AS rv_bp, sum(dmid_trade) AS by_trades, sum(dmid_cancel) AS by_cancels "
    "FROM gold.future_mbo.market_truth JOIN gold.future_mbo.regimes USING (symbol, dt, ts_second) GROUP BY ALL ORDER BY ALL"
)
SCOREBOARD = (
    "SELECT horizon_s // 3600 AS hours_before, forecasts, clusters, status, round(brier, 4) AS brier, round(brier_lo, 4) AS lo, "
    "round(brier_hi, 4) AS hi, round(brier_skill, 3) AS skill FROM gold.prediction_market.scoreboard_segment "
    "WHERE dt = DATE '2026-01-07' AND segment = 'all' AND forecaster = 'MARKET' AND anchor = 'SCHED_END' ORDER BY ALL"
)
SAID = "SELECT reason, sum(markets) AS asked FROM gold.prediction_market.attrition WHERE anchor = 'SCHED_END' GROUP BY ALL ORDER BY ALL"
BARS = (
    "SELECT dt, count(DISTINCT token_id) AS tokens, count(*) AS minutes, sum(trades) AS trades, round(avg(spread_mean), 4) AS spread "
    "FROM silver.prediction_market.bars_1m GROUP BY ALL ORDER BY ALL"
)
TO_PASTE = {
    "half-ticks by which trades, cancels, adds and modifies moved the mid": MOVES,
    "futures, by what kind of second it was": SESSIONS,
    "how good the venue's prices were": SCOREBOARD,
    "what became of every forecast that was asked for": SAID,
    "the venue's bars of a minute": BARS,
}
