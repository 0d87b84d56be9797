"""The scripts that CI runs: 0 when all is whole, 1 with a table of what is red, 2 when nothing was asked well."""

import runpy
import sys
from pathlib import Path

import polars as pl
import pytest

from lakeflow.partition import Partition

ROOT = Path(__file__).parents[2]
LAYERS = ("bronze", "silver", "selection", "gold")


@pytest.fixture
def script(monkeypatch, capsys):
    """The exit code and the words of scripts/validate_<layer>.py."""

    def run(layer: str, lake: Path, *words: str) -> tuple[int, str, str]:
        given = ["validate", "--project", str(ROOT), "--lake", str(lake), *words]
        monkeypatch.setattr(sys, "argv", given)
        with pytest.raises(SystemExit) as ended:
            runpy.run_path(str(ROOT / "scripts" / f"validate_{layer}.py"), run_name="__main__")
        return ended.value.code, *capsys.readouterr()

    return run


@pytest.mark.parametrize("layer", LAYERS)
def test_a_whole_day_is_green_with_a_line_for_every_check(script, lake, layer):
    code, out, _ = script(layer, lake, "--dt", "2026-01-06")
    assert (code, out.splitlines()[-1].endswith(" 0 red, 0 errors of contract")) == (0, True), out
    assert "counted" in out


def test_a_harmed_table_is_red_with_where_and_what(script, lake, harm):
    trades = Partition("silver.future_mbo.trades", "ESH6", "2026-01-06")
    harm(trades, lambda rows: rows.filter(pl.row_index() != 3))
    code, out, _ = script("silver", lake, "--symbol", "ESH6", "--dt", "2026-01-06")
    assert code == 1
    assert "trades.is_every_trade  silver.future_mbo.trades" in out
    assert "first at row " in out


def test_a_broken_contract_is_red_too(script, lake, harm):
    bbo = Partition("silver.future_mbo.bbo", "ESH6", "2026-01-06")
    harm(bbo, lambda rows: rows.with_columns(bid_count=pl.col("bid_count") - 1_000))
    code, out, _ = script("silver", lake, "--symbol", "ESH6", "--dt", "2026-01-06")
    assert (code, "errors of contract" in out) == (1, True)


@pytest.mark.parametrize(
    "words", [("--dt", "2026-01-09"), ("--dt", "tomorrow-ish"), ("--product-type", "teas")]
)
def test_nothing_to_look_at_is_no_success(script, lake, words):
    code, out, err = script("silver", lake, *words)
    assert (code, out) == (2, "")
    assert err


def test_a_word_that_is_none_is_told_by_argparse(script, lake):
    assert script("silver", lake, "--loud")[0] == 2
