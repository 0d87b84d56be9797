"""Every edge of section 4.7 of the prediction-market reference, by its number, and the tests that hold its expected outcome."""

from tests.held import lacking

P, F = "polymarket", "forecast"
MARKETS, PRICES = f"{P}/test_edges_markets.test_edge", f"{P}/test_edges_prices.test_edge"
MEASURES = f"{P}/test_edges_measures.test_edge"
LISTED = f"{P}/test_labels.test_what_the_lister_shows_is"
REFUSED = f"{P}/test_gamma.test_what_cannot_be_a_row_says_why"
PRICED = f"{P}/test_snapshots.test_the_price_at_a_cutoff"

# An entry is a file under tests/ and a test in it; of one with a table of values, a row of that is the edge. Severities of alerts
# (13, 14), alert ids (44) and conformal bands (45) are of tables that are not built yet.
HELD = {
    1: [f"{P}/test_gamma.test_a_market_without_prices_is_kept_without_them"],
    2: [REFUSED],
    3: [REFUSED],
    4: [f"{MARKETS}_04_a_token_of_78_digits_is_the_same_text_in_avro_parquet_and_duckdb"],
    5: [
        f"{P}/test_gamma.test_every_way_to_write_an_instant_is_the_same_instant",
        f"{P}/test_gamma.test_fractions_of_one_to_nine_digits_are_exact",
        f"{P}/test_gamma.test_a_time_without_a_zone_is_no_instant",
        REFUSED,
    ],
    6: [LISTED],
    7: [LISTED],
    8: [
        f"{MARKETS}_08_a_split_pays_a_half_and_is_no_yes_or_no",
        f"{P}/test_scored.test_a_forecast_without_a_yes_or_no_to_score_it_by_is_counted",
    ],
    9: [LISTED],
    10: [LISTED],
    11: [
        f"{P}/test_labels.test_a_price_of_the_days_before_resolutions_is_a_label_of_low_confidence",
        f"{P}/test_scored.test_a_forecast_without_a_yes_or_no_to_score_it_by_is_counted",
    ],
    12: [f"{P}/test_labels.test_the_sentinel_is_no_price"],
    13: [
        f"{MARKETS}_13_members_of_a_group_that_nobody_won_keep_their_labels",
        f"{P}/test_group_scores.test_a_group_is_scored_only_with_one_winner",
    ],
    14: [
        f"{MARKETS}_14_two_yes_in_a_group_are_a_conflict",
        f"{P}/test_group_scores.test_members_without_a_score_are_told_by_their_labels",
    ],
    15: [
        f"{MARKETS}_15_a_candidate_is_a_member_since_it_was_seen_and_other_is_kept",
        f"{P}/test_group_scores.test_a_group_has_the_members_that_it_had_at_the_cutoff",
    ],
    16: [f"{MARKETS}_16_an_end_that_is_moved_asks_no_horizon_a_second_time"],
    17: [f"{MARKETS}_17_a_market_that_is_over_before_its_cutoff_is_counted"],
    18: [f"{MARKETS}_18_a_market_that_opened_after_its_cutoff_is_counted"],
    19: [f"{P}/test_snapshots.test_a_game_ends_when_it_begins_and_not_a_week_later"],
    20: [PRICED],
    21: [
        f"{PRICES}_21_a_crossed_book_of_either_service_is_none_until_the_next",
        f"{P}/test_replay.test_a_book_that_crosses_is_not_known_until_the_next_one",
    ],
    22: [
        f"{PRICES}_22_changes_before_the_book_are_ignored_and_counted",
        f"{PRICES}_22_what_came_after_a_book_was_crossed_is_counted_too",
        f"{PRICES}_22_what_came_in_the_same_frame_as_the_book_is_counted_too",
    ],
    23: [f"{P}/test_replay.test_size_0_of_a_level_that_is_not_there_changes_nothing"],
    24: [f"{P}/test_replay.test_old_shapes_and_arrays_are_the_same_books"],
    25: [f"{PRICES}_25_what_two_recorders_heard_is_the_silver_of_one"],
    26: [f"{P}/test_replay.test_of_equal_venue_times_the_order_of_capture_counts"],
    27: [f"{P}/test_replay.test_levels_outlive_a_change_of_the_tick"],
    28: [PRICED],
    29: [
        f"{PRICES}_29_a_settlement_is_no_price_and_is_counted_in_the_audit",
        f"{PRICES}_29_a_price_of_nothing_or_of_all_with_a_bucket_is_a_price",
    ],
    30: [
        f"{P}/test_parsed.test_a_point_at_the_border_of_two_windows_is_one_row",
        f"{P}/test_buckets.test_the_same_points_of_two_windows_are_there_once",
    ],
    31: [
        f"{P}/test_replay.test_no_book_outlives_the_day_the_exchange_was_replaced",
        f"{P}/test_cut_over.test_edge_31_no_quote_of_a_rest_book_across_the_cut_over",
        f"{P}/test_cut_over.test_edge_31_the_gap_is_written_on_a_day_without_a_feed",
    ],
    32: [f"{P}/test_fills.test_a_match_is_told_by_maker_and_taker_and_its_volume_is_there_once"],
    33: [f"{P}/test_parsed.test_two_fills_alike_in_one_transaction_are_two_trades"],
    34: [f"{MARKETS}_34_a_sweep_that_lacks_a_page_leaves_what_was_known_before"],
    35: [f"{P}/test_parsed.test_an_empty_page_with_a_cursor_goes_on"],
    36: [
        f"{F}/test_figures.test_one_class_leaves_brier_and_miscalibration",
        f"{F}/test_figures.test_a_figure_without_a_value_has_its_reason_and_none_is_nan",
    ],
    37: [f"{F}/test_figures.test_edge_37_equal_forecasts_discriminate_nothing_and_err_by_their_distance"],
    38: [f"{F}/test_cox.test_where_there_is_no_line_there_is_a_reason"],
    39: [f"{MEASURES}_39_a_window_without_a_forecast_says_empty_and_nothing_is_nan"],
    40: [f"{F}/test_scores.test_a_certain_forecast_that_is_wrong_costs_as_much_as_a_tick"],
    41: [f"{P}/test_labels.test_the_winner_is_told_by_its_place_and_never_by_its_name"],
    42: [f"{MARKETS}_42_a_market_in_two_events_is_in_one_cluster"],
    43: [f"{MEASURES}_43_minutes_long_markets_are_in_the_headline_only_if_asked_for"],
    44: [f"{P}/test_as_of.test_one_worker_and_two_make_the_same_bytes"],
}


def test_every_edge_is_held_by_a_test_that_is_there():
    assert sorted(HELD) == list(range(1, 45))
    assert lacking(HELD) == []
