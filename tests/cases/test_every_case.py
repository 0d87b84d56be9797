"""Every case of a book, a file or a contract in section 5 of the vendor reference, by its number, and the tests that hold it."""

from tests.held import lacking

# Worked out by hand where they stand; an entry is a file under tests/ and a test in it. No table has latencies (11): it has
# both times, and an old one is flagged. There is no product of options yet (37): what holds of them holds of futures too.
# The downloader's cases, 41 to 46, are not ours: files are delivered.
HELD = {
    1: ["market/test_book.test_a_partial_cancel_leaves_the_rest_and_a_whole_one_no_level"],
    2: [
        "market/test_book.test_a_fill_changes_the_book_once_and_keeps_the_place",
        "market/test_cases.test_case_02_the_volume_of_a_trade_is_counted_once",
    ],
    3: [
        "market/test_book.test_a_fill_without_a_trade_changes_the_book_by_its_cancel_alone",
        "market/test_cases.test_case_03_a_fill_without_a_trade_is_no_volume",
    ],
    4: ["market/test_book.test_a_fill_of_an_order_nobody_knows_is_counted_and_changes_nothing"],
    5: [
        "market/test_book.test_a_modified_price_goes_to_the_back_of_the_new_level_and_takes_the_old_one_away",
        "market/test_book.test_only_growing_costs_the_place_in_the_queue",
    ],
    6: ["market/test_book.test_what_is_wrong_is_counted_and_the_policy_followed"],
    7: ["market/test_book.test_a_record_that_does_nothing_ends_an_event_when_it_says_so"],
    8: ["market/test_book.test_nothing_is_told_inside_an_event_though_the_book_is_crossed_there"],
    9: ["market/test_book.test_the_end_of_an_event_is_a_bit_among_others"],
    10: ["market/test_book_resets.test_a_clear_empties_its_own_book_and_no_other"],
    11: ["market/test_book_resets.test_a_snapshot_is_one_row_and_its_orders_may_be_older_than_the_day"],
    12: ["market/test_book_resets.test_a_snapshot_of_another_day_without_a_clear_replaces_the_book"],
    13: ["market/test_book_resets.test_a_day_with_its_snapshot_is_the_same_alone_and_after_another"],
    14: ["market/test_book_resets.test_the_clear_of_an_empty_book_is_one_row_without_quotes"],
    15: ["market/test_book.test_a_top_of_book_replaces_its_side_and_counts_no_orders"],
    16: [
        "market/test_book.test_two_publishers_with_one_order_id_have_two_books",
        "market/measured/test_oracles.test_quotes_of_two_publishers_are_added_up_at_the_best_price",
        "market/test_cases.test_case_16_the_best_of_two_publishers_may_be_crossed_or_locked_and_is_flagged",
    ],
    17: ["market/test_book.test_instruments_in_one_event_end_it_each_for_itself"],
    18: ["market/test_book_resets.test_a_gap_makes_a_book_suspect_until_it_is_cleared"],
    19: ["market/test_book.test_prices_of_spreads_may_be_nothing_and_less"],
    20: ["market/test_book.test_ids_of_any_size_are_told_apart_and_used_again"],
    21: ["market/test_book.test_the_size_of_a_level_may_pass_32_bits"],
    22: ["market/test_book.test_stub_quotes_are_right_and_cost_no_memory"],
    23: ["market/test_book.test_a_replace_is_one_row"],
    24: ["market/test_against_twin.test_foul_streams_leave_the_queues_of_the_twin_and_its_faults"],
    25: ["market/test_cases_vendor.test_case_25_ten_levels_made_from_orders_are_the_vendors"],
    26: [
        "vendors/databento/test_records.test_a_compressed_file_cut_anywhere_is_refused",
        "vendors/databento/test_records.test_a_file_cut_where_a_record_ends_is_refused",
        "cases/test_files.test_case_26_a_file_cut_where_a_record_ends_makes_no_partition",
        "test_five_days.test_a_damaged_day_of_five_costs_itself_and_its_mending_makes_just_that_day",
    ],
    27: [
        "vendors/databento/test_records.test_a_flipped_bit_is_refused_or_changes_nothing",
        "vendors/databento/test_records.test_a_file_cut_where_a_record_ends_is_refused",
        "vendors/databento/test_records.test_a_second_file_glued_on_is_refused",
        "vendors/databento/test_records.test_bytes_after_the_last_record_are_refused",
        "vendors/databento/test_records.test_bytes_after_the_last_frame_are_refused",
        "vendors/databento/test_records.test_a_record_that_does_not_belong_is_refused_where_it_stands",
        "vendors/databento/test_records.test_a_whole_file_that_is_not_what_was_asked_for_is_refused",
    ],
    28: ["vendors/databento/test_records.test_frames_and_skippable_frames_and_a_split_header_change_nothing"],
    29: [
        "vendors/databento/test_records.test_three_versions_of_one_file_hold_the_same_orders",
        "vendors/databento/test_records.test_definitions_of_one_version_under_the_header_of_another_are_refused",
        "vendors/databento/test_samples.test_every_version_of_one_file_is_the_same_table",
        "vendors/databento/test_samples.test_definitions_of_three_versions_differ_only_in_what_the_older_do_not_hold",
        "cases/test_files.test_case_29_a_day_in_every_version_is_the_same_tables",
    ],
    30: [
        "vendors/databento/test_records.test_a_header_alone_is_a_day_without_records",
        "cases/test_files.test_case_30_a_day_without_an_order_is_tables_without_rows",
        "cases/test_files.test_case_30_a_contract_without_an_order_on_a_busy_day_is_a_table_too",
    ],
    31: [
        "vendors/databento/test_orders.test_what_is_undefined_is_null_and_what_is_extreme_is_exact",
        "cases/test_files.test_case_31_prices_and_times_come_through_to_the_last_digit_and_undefined_is_null",
    ],
    32: [
        "stages/test_databento.test_a_record_that_cannot_be_a_row_is_a_reject_byte_for_byte",
        "cases/test_files.test_case_32_an_action_or_a_side_that_is_none_is_a_reject_and_counted",
    ],
    33: [
        "vendors/databento/test_directory.test_an_id_that_passes_to_another_symbol_is_told_by_the_date",
        "cases/test_files.test_case_33_an_id_that_passes_to_another_contract_is_told_by_the_date",
        "cases/test_files.test_case_33_the_end_of_a_mapping_is_the_first_day_without_it",
        "cases/test_files.test_case_33_a_file_whose_symbols_were_not_all_resolved_is_refused",
    ],
    34: [
        "cases/test_files.test_case_34_an_evening_is_of_the_utc_day_it_was_received_on_and_of_the_next_days_session",
        "cases/test_files.test_case_34_a_sunday_evenings_trades_are_in_sundays_partition_and_mondays_volume",
    ],
    35: ["cases/test_files.test_case_35_the_order_of_the_file_is_kept_whatever_the_times_say"],
    36: [
        "market/test_symbols.test_a_one_digit_year_is_of_the_decade_around_the_date",
        "cases/test_contracts.test_case_36_one_symbol_ten_years_apart_is_two_instruments",
        "cases/test_contracts.test_case_36_a_spread_and_a_made_up_instrument_are_never_candidates",
        "cases/test_contracts.test_case_36_a_spread_of_two_legs_is_two_definitions_and_one_instrument",
    ],
    37: [
        "cases/test_contracts.test_case_37_what_expires_at_midnight_expires_on_that_date_and_not_the_day_before",
        "cases/test_contracts.test_case_37_a_contract_may_be_chosen_on_the_day_it_expires_where_the_terms_say_so",
    ],
    38: ["cases/test_contracts.test_case_38_no_price_is_multiplied_again_and_what_is_not_told_stays_null"],
    39: [
        "cases/test_contracts.test_case_39_what_was_deleted_is_no_candidate_from_then_on_and_was_one_before",
        "cases/test_contracts.test_case_39_the_last_definition_before_the_open_holds_and_a_later_one_does_not",
        "stages/test_premarket.test_what_comes_after_the_window_changes_nothing",
    ],
    40: ["cases/test_contracts.test_case_40_a_publisher_that_nobody_knows_passes_through"],
}


def test_every_case_is_held_by_a_test_that_is_there():
    assert sorted(HELD) == list(range(1, 41))
    assert lacking(HELD) == []
    assert all(HELD.values())
