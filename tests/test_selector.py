"""The selector grammar: which datasets and symbols a command's words mean."""

import pytest

from lakeflow.errors import UsageError
from lakeflow.selector import (
    Matched,
    Pattern,
    Selection,
    match_datasets,
    parse_pattern,
    parse_selection,
)

KEYS = [
    "bronze.future_mbo.orders",
    "gold.future_mbo.market_truth",
    "silver.equity_mbo.bbo",
    "silver.future_mbo.bbo",
    "silver.future_mbo.trades",
]
MAKES = {
    "silver.future_mbo.replay": ["silver.future_mbo.bbo", "silver.future_mbo.trades"],
    "silver.equity_mbo.replay": ["silver.equity_mbo.bbo"],
}


def chosen(*patterns: str, **options: list[str]) -> list[str]:
    return sorted(match_datasets(parse_selection(patterns, **options), KEYS, MAKES).datasets)


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("silver.future_mbo.bbo", ["silver.future_mbo.bbo"]),
        ("silver.*", ["silver.equity_mbo.bbo", "silver.future_mbo.bbo", "silver.future_mbo.trades"]),
        ("*.bbo", ["silver.equity_mbo.bbo", "silver.future_mbo.bbo"]),
        ("*.future_mbo.[bm]*", ["gold.future_mbo.market_truth", "silver.future_mbo.bbo"]),
        ("*", KEYS),
    ],
)
def test_a_pattern_is_a_glob_over_whole_keys(pattern, expected):
    assert chosen(pattern) == expected


def test_patterns_add_up_and_options_narrow():
    assert chosen("*.bbo", "*.orders") == [
        "bronze.future_mbo.orders",
        "silver.equity_mbo.bbo",
        "silver.future_mbo.bbo",
    ]
    assert chosen("*.bbo", "*.orders", layers=["silver"]) == [
        "silver.equity_mbo.bbo",
        "silver.future_mbo.bbo",
    ]
    assert chosen(layers=["silver"], product_types=["future_mbo"]) == [
        "silver.future_mbo.bbo",
        "silver.future_mbo.trades",
    ]
    assert chosen(layers=["bronze,gold"]) == ["bronze.future_mbo.orders", "gold.future_mbo.market_truth"]


def test_no_words_at_all_mean_everything():
    assert chosen() == KEYS


def test_a_stage_means_what_it_makes():
    assert chosen(stages=["silver.future_mbo.replay"]) == [
        "silver.future_mbo.bbo",
        "silver.future_mbo.trades",
    ]
    assert chosen("*.bbo", stages=["*.replay"]) == ["silver.equity_mbo.bbo", "silver.future_mbo.bbo"]


def test_a_plus_before_means_upstream_and_one_after_downstream():
    assert parse_pattern("+silver.x") == Pattern("silver.x", upstream=True)
    assert parse_pattern("gold.x+") == Pattern("gold.x", downstream=True)
    assert parse_pattern("+gold.x+") == Pattern("gold.x", upstream=True, downstream=True)
    assert str(parse_pattern("+gold.x+")) == "+gold.x+"


def test_the_marks_belong_to_the_datasets_of_their_own_pattern():
    matched = match_datasets(parse_selection(["+gold.*", "bronze.future_mbo.orders+", "*.trades"]), KEYS)
    gold, orders, trades = (
        "gold.future_mbo.market_truth",
        "bronze.future_mbo.orders",
        "silver.future_mbo.trades",
    )
    assert matched == Matched({gold, orders, trades}, {orders}, {gold}, {orders})


@pytest.mark.parametrize("text", ["+", "++", "", "++x", "a+b"])
def test_a_plus_in_the_wrong_place_is_refused(text):
    with pytest.raises(UsageError, match="at most one"):
        parse_pattern(text)


def test_a_pattern_that_matches_nothing_names_the_nearest_key():
    with pytest.raises(
        UsageError, match=r"no dataset silver\.future_mbo\.bob; did you mean silver\.future_mbo\.bbo"
    ):
        chosen("silver.future_mbo.bob")


def test_a_table_or_a_layer_alone_names_the_keys_that_hold_it():
    with pytest.raises(UsageError, match=r"did you mean gold\.future_mbo\.market_truth\?"):
        chosen("market_truth")
    with pytest.raises(UsageError, match=r"did you mean bronze\.future_mbo\.orders\?"):
        chosen("bronze")


def test_every_wrong_word_is_told_at_once_with_the_valid_ones_sorted():
    with pytest.raises(UsageError) as caught:
        chosen("nothing.like.it", layers=["slver"], product_types=["bond"], stages=["nope"])
    lines = str(caught.value).splitlines()
    assert len(lines) == 4
    assert lines[0].endswith(f"there is {', '.join(KEYS)}")
    assert lines[1] == "no layer slver; did you mean silver? there is bronze, gold, silver"
    assert lines[2] == "no product type bond; there is equity_mbo, future_mbo"
    assert "no stage nope; there is silver.equity_mbo.replay, silver.future_mbo.replay" in lines[3]


def test_words_that_fit_alone_but_not_together_are_an_error():
    with pytest.raises(UsageError, match=r"all of datasets \*\.bbo and --layer gold, found none"):
        chosen("*.bbo", layers=["gold"])


def test_symbols_come_repeated_or_with_commas_and_stay_text():
    selection = parse_selection(symbols=["ESH6, ESM6", "NQ*", "0050"])
    assert selection.symbols == ("ESH6", "ESM6", "NQ*", "0050")
    known = ["ESH6", "ESM6", "NQH6", "0050", "50"]
    assert list(filter(selection.wants_symbol, known)) == ["ESH6", "ESM6", "NQH6", "0050"]


def test_symbols_are_told_apart_by_case_and_none_means_all():
    assert not Selection(symbols=("esh6",)).wants_symbol("ESH6")
    assert all(map(Selection().wants_symbol, ["A/B", "ESH6"]))
