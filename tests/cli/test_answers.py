"""What the command answers as a user types it, and where it says so."""

import json
import sqlite3
import subprocess
import sys

import pytest

RAW = "lake/raw/source=vendor/product_type=toy/symbol=A1/dt=2026-01-06/lines.txt"
DAY = ("--symbol", "A1", "--dt", "2026-01-06")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("plan",), "0 to do, 2 current"),
        (("status",), "made 2"),
        (("status", "--list"), "silver.toy.prices"),
        (("why", "silver.toy.prices", *DAY), "silver.toy.prices A1 2026-01-06: made"),
        (("show", "silver.toy.prices"), "1 partitions"),
        (("runs",), "done"),
        (("runs", "--failed"), ""),
        (("sessions", "CME_EQ", "--dt", "2026-01-06"), "2026-01-05T23:00:00+00:00"),
        (("datasets",), "bronze.toy.lines"),
        (("config",), "default"),
        (("validate", "--deep"), "2 partitions, 0 errors"),
        (("gc",), "to remove"),
        (("doctor",), "ledger"),
        (("check",), "all fit together"),
        (("contract", "lint"), "no fault"),
        (("raw", "ls"), "raw.toy.vendor"),
        (("raw", "verify"), "1 files"),
        (("query", "SELECT sum(price) AS total FROM silver.toy.prices"), "3000"),
        (("query", "SELECT 1 AS one FROM silver.toy.prices", "--format", "csv"), "one\n1\n1\n"),
        (("sql-init",), "CREATE"),
        (("run",), "nothing to do"),
        (("backfill", "--missing", "--budget", "1m"), "nothing to do"),
    ],
)
def test_a_command_answers(made, words, said, cli):
    if words[:2] == ("raw", "verify"):
        (made / RAW).rename((made / RAW).with_name("A1_2026-01-06.txt"))
    done = cli(*words, cwd=made)
    assert done.returncode == 0, done.stderr
    assert said in done.stdout + done.stderr


@pytest.mark.parametrize(
    "command", ["plan", "status", "runs", "datasets", "doctor", "validate", "gc", "check", "config", "run"]
)
def test_json_is_one_object_with_a_version(made, command, cli):
    done = cli(command, "--json", cwd=made)
    assert json.loads(done.stdout)["schema_version"] == 1


def test_what_a_plan_wrote_is_what_a_run_takes(toy, cli):
    root = toy({RAW: "1 100\n"})
    assert cli("plan", "--out", "plan.json", cwd=root).returncode == 0
    assert cli("run", "--plan", "plan.json", cwd=root).returncode == 0
    assert "0 to do" in cli("plan", cwd=root).stderr


def test_a_delivery_is_added_once_and_replaced_only_when_told(toy, cli):
    root = toy({"A1_2026-01-06.txt": "1 100\n", "again/A1_2026-01-06.txt": "1 200\n"})
    assert cli("raw", "add", "A1_2026-01-06.txt", cwd=root).returncode == 0
    assert "known" in cli("raw", "add", "A1_2026-01-06.txt", cwd=root).stdout
    assert cli("raw", "add", "again/A1_2026-01-06.txt", cwd=root).returncode == 6
    assert cli("raw", "add", "--replace", "again/A1_2026-01-06.txt", cwd=root).returncode == 0
    assert cli("run", cwd=root).returncode == 0
    assert "2000" in cli("query", "SELECT price FROM silver.toy.prices", cwd=root).stdout


def test_a_delivered_file_that_changed_is_told_whatever_its_time(toy, cli):
    root = toy({"A1_2026-01-06.txt": "1 100\n"})
    assert cli("raw", "add", "A1_2026-01-06.txt", cwd=root).returncode == 0
    next((root / "lake/raw").rglob("*.txt")).write_text("1 101\n")
    done = cli("raw", "verify", cwd=root)
    assert (done.returncode, "its bytes changed since" in done.stdout) == (4, True)


def test_a_run_whose_talk_nobody_hears_goes_on_to_its_end(toy, cli):
    root = toy({RAW: "1 100\n"})
    words = f"{sys.executable} -m lakeflow.cli run 2>&1 | head -0"
    subprocess.run(words, shell=True, cwd=root, check=True)
    assert "0 to do, 2 current" in cli("plan", cwd=root).stderr
    assert "running" not in cli("runs", cwd=root).stdout


def test_a_query_over_partitions_of_an_older_contract_says_so(made, cli):
    contract = made / "contracts/silver/prices.avsc"
    contract.write_text(contract.read_text().replace('"name": "price"', '"name": "cost"'))
    done = cli("query", "SELECT sum(cost) AS total FROM silver.toy.prices", cwd=made)
    assert "1 partitions were written under an older contract" in done.stderr


def test_what_failed_and_was_healed_is_no_failure(toy, cli):
    root = toy({RAW: "one 100\n"})
    assert cli("run", cwd=root).returncode == 3
    assert "bronze.toy.split" in cli("runs", "--failed", cwd=root).stdout
    (root / RAW).unlink()
    (root / RAW).parent.rmdir()
    assert cli("runs", "--failed", cwd=root).stdout == ""


def test_a_killed_run_is_told_as_such_by_the_next(made, cli):
    with sqlite3.connect(made / "lake/.lakeflow/ledger.sqlite") as db:
        db.execute("UPDATE runs SET status = 'running', ended = NULL")
    assert cli("run", cwd=made).returncode == 0
    assert "killed" in cli("runs", cwd=made).stdout


def test_a_damaged_table_is_found_by_all_and_made_anew_by_the_next_run(made, cli):
    file = next((made / "lake/silver").rglob("*.parquet"))
    whole = file.read_bytes()
    file.write_bytes(whole[:10] + bytes([whole[10] ^ 1]) + whole[11:])
    assert cli("validate", "--deep", cwd=made).returncode == 4
    assert "is damaged" in cli("doctor", cwd=made).stdout
    assert "damaged" in cli("plan", cwd=made).stdout
    assert cli("run", cwd=made).returncode == 0
    assert file.read_bytes() == whole


def test_a_lost_ledger_is_made_anew_from_the_lake(made, cli):
    assert "2 partitions" in cli("doctor", "--rebuild-ledger", cwd=made).stderr
    assert "0 to do" in cli("plan", cwd=made).stderr


def test_a_partition_that_was_only_touched_is_current(made, cli):
    for file in (made / "lake").rglob("*.parquet"):
        file.touch()
    assert "0 to do, 2 current" in cli("plan", cwd=made).stderr


@pytest.mark.parametrize(
    "words", [("--help",), ("run", "--help"), ("plan",), ("status",), ("run",), ("runs",)]
)
def test_looking_loads_nothing_heavy_and_no_stage(first, words):
    code = "import sys\nfrom lakeflow.cli.main import main\ntry: main()\nexcept SystemExit: pass\nprint('\\n' + ' '.join(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", code, *words], cwd=first, capture_output=True, text=True, check=False
    )
    loaded = {name.split(".")[0] for name in done.stdout.splitlines()[-1].split()}
    assert loaded & {"polars", "pyarrow", "numba", "duckdb", "databento", "sklearn", "stages"} == set()


def test_a_dataset_as_json_says_when_it_was_made_and_from_what(made, cli):
    told = json.loads(cli("show", "silver.toy.prices", "--json", cwd=made).stdout)["dataset"]
    [partition] = told["partitions"]
    assert partition["created_at"].endswith("+00:00")
    assert {each["dataset"] for each in partition["made_of"]} == {"bronze.toy.lines"}
    assert len(told["rows"]) == partition["rows"]
