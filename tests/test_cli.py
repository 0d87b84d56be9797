"""The command as a user types it: what it answers, where, and with which exit code."""

import json
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
RAW = "lake/raw/source=vendor/product_type=toy/symbol=A1/dt=2026-01-06/lines.txt"
DAY = ("--symbol", "A1", "--dt", "2026-01-06")


def cli(*words: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "lakeflow.cli", *words], cwd=cwd, capture_output=True, text=True, check=False
    )


@pytest.fixture
def made(toy) -> Path:
    root = toy({RAW: "1 100\n2 200\n"})
    done = cli("run", "--layer", "silver", *DAY, cwd=root)
    assert done.returncode == 0, done.stderr
    return root


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
def test_a_command_answers(made, words, said):
    if words[:2] == ("raw", "verify"):
        (made / RAW).rename((made / RAW).with_name("A1_2026-01-06.txt"))
    done = cli(*words, cwd=made)
    assert done.returncode == 0, done.stderr
    assert said in done.stdout + done.stderr


@pytest.mark.parametrize(
    "command", ["plan", "status", "runs", "datasets", "doctor", "validate", "gc", "check", "config", "run"]
)
def test_json_is_one_object_with_a_version(made, command):
    done = cli(command, "--json", cwd=made)
    assert json.loads(done.stdout)["schema_version"] == 1


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("run", "--dt", "2026-13-01"), 2, "2026-13-01"),
        (("run", "silver.toy.price"), 2, "did you mean silver.toy.prices"),
        (("run", "--symbol", "B7", "--dt", "2026-01-06"), 6, "lakeflow raw add"),
        (("run", "--symbol", "B7"), 6, "lakeflow raw add"),
        (("run", "--symbol", "a1"), 6, "did you mean A1"),
        (("plan", "--symbol", "B7"), 6, "lakeflow raw add"),
        (("run", "--symbol", ""), 2, "leave it out to mean all"),
        (("run", "--symbol", ","), 2, "leave it out to mean all"),
        (("run", "--layer", ""), 2, "leave it out to mean all"),
        (("run", ""), 2, "a selector ''"),
        (("run", "--dt", ""), 2, "expected dates as"),
        (("run", "--from", ""), 2, "--from ''"),
        (("query", "SELECT 1 FROM silver.toy.prices", "--dt", ""), 2, "expected dates as"),
        (("run", "--dt", "last 99999999 days"), 2, "at most"),
        (("run", "--dt", "last 99999999 sessions"), 2, "ask for fewer"),
        (("run", "--plan", "datasets.yaml"), 2, "found something else"),
        (("run", "--dt", "2026-01-09..2026-01-07"), 2, "2026-01-07..2026-01-09"),
        (("why", "silver.toy.price", *DAY), 2, "silver.toy.prices"),
        (("why", "silver.toy.prices", *DAY, "--dt", "2026-01-07"), 2, "found 2026-01-06, 2026-01-07"),
        (("why", "silver.toy.prices", "--symbol", "A1,B7", "--dt", "2026-01-06"), 2, "found A1, B7"),
        (("why", "silver.toy.prices", "--symbol", "A1", "--dt", "2026-01"), 2, "expected one date"),
        (("query", "COPY silver.toy.prices TO 'x.csv'"), 2, "SELECT"),
        (("query", "SELECT * FROM silver.toy.nothing"), 2, "silver.toy.prices"),
        (("plan", "--overwrite", "--detailed-exitcode"), 7, "asked for"),
        (("run", "--resume", "no-such-run"), 2, "no such run"),
        (("backfill", "--budget", "soon"), 2, "2h"),
        (("show", "raw.toy.vendor"), 2, "silver.toy.prices"),
    ],
)
def test_what_cannot_be_ends_in_its_own_code_and_one_word_of_advice(made, words, code, said):
    done = cli(*words, cwd=made)
    assert (done.returncode, "Traceback" in done.stderr) == (code, False), done.stderr
    assert said in done.stdout + done.stderr


@pytest.mark.parametrize("words", [("run", "--bogus"), ("runn",), ("run", "--workers", "none")])
def test_a_wrong_word_as_json_is_an_object_too(made, words):
    done = cli(*words, "--json", cwd=made)
    assert (done.returncode, json.loads(done.stdout)["error"]["kind"]) == (2, "UsageError")


def test_folders_in_a_folder_of_deliveries_are_named_and_not_added(made):
    (made / "in" / "deeper").mkdir(parents=True)
    (made / "in" / "deeper" / "A1_2026-01-07.txt").write_text("1 100\n")
    told = cli("raw", "add", "in", cwd=made).stderr
    assert "what is in its folders (deeper) is not added. To add it: lakeflow raw add in/*/" in told
    assert "1 files added" in cli("raw", "add", "in/deeper", cwd=made).stderr


def test_a_query_of_a_table_that_is_not_made_says_so(made):
    done = cli("query", "SELECT * FROM silver.toy.prices", "--symbol", "B7", cwd=made)
    assert (done.returncode, "holds no such partition" in done.stderr) == (0, True)


def test_errors_of_tables_of_an_older_contract_are_told_with_what_mends_them(made):
    contract = made / "contracts" / "silver" / "prices.avsc"
    said = json.loads(contract.read_text())
    more = {"name": "more", "type": "long", "doc": "New and without a default."}
    contract.write_text(json.dumps(said | {"fields": [*said["fields"], more]}))
    done = cli("validate", cwd=made)
    assert (done.returncode, "lakeflow run makes it anew" in done.stderr) == (4, True)


def test_an_error_as_json_is_on_stdout(made):
    done = cli("run", "silver.toy.price", "--json", cwd=made)
    assert json.loads(done.stdout)["error"]["code"] == 2


def test_a_broken_registry_is_told_before_anything_is_done(made):
    (made / "datasets.yaml").write_text("datasets: {}\nstages: {}\nproducts: {}\nother: 1\n")
    done = cli("run", cwd=made)
    assert done.returncode == 5
    assert "unknown key 'other'" in done.stderr


def test_without_a_project_the_command_says_where_it_looked(tmp_path):
    done = cli("plan", cwd=tmp_path)
    assert (done.returncode, "datasets.yaml" in done.stderr) == (5, True)


def test_what_a_plan_wrote_is_what_a_run_takes(toy):
    root = toy({RAW: "1 100\n"})
    assert cli("plan", "--out", "plan.json", cwd=root).returncode == 0
    assert cli("run", "--plan", "plan.json", cwd=root).returncode == 0
    assert "0 to do" in cli("plan", cwd=root).stderr


def test_a_delivery_is_added_once_and_replaced_only_when_told(toy):
    root = toy({"A1_2026-01-06.txt": "1 100\n", "again/A1_2026-01-06.txt": "1 200\n"})
    assert cli("raw", "add", "A1_2026-01-06.txt", cwd=root).returncode == 0
    assert "known" in cli("raw", "add", "A1_2026-01-06.txt", cwd=root).stdout
    assert cli("raw", "add", "again/A1_2026-01-06.txt", cwd=root).returncode == 6
    assert cli("raw", "add", "--replace", "again/A1_2026-01-06.txt", cwd=root).returncode == 0
    assert cli("run", cwd=root).returncode == 0
    assert "2000" in cli("query", "SELECT price FROM silver.toy.prices", cwd=root).stdout


def test_a_delivered_file_that_changed_is_told_whatever_its_time(toy):
    root = toy({"A1_2026-01-06.txt": "1 100\n"})
    assert cli("raw", "add", "A1_2026-01-06.txt", cwd=root).returncode == 0
    next((root / "lake/raw").rglob("*.txt")).write_text("1 101\n")
    done = cli("raw", "verify", cwd=root)
    assert (done.returncode, "its bytes changed since" in done.stdout) == (4, True)


def test_a_run_whose_talk_nobody_hears_goes_on_to_its_end(toy):
    root = toy({RAW: "1 100\n"})
    words = f"{sys.executable} -m lakeflow.cli run 2>&1 | head -0"
    subprocess.run(words, shell=True, cwd=root, check=True)
    assert "0 to do, 2 current" in cli("plan", cwd=root).stderr
    assert "running" not in cli("runs", cwd=root).stdout


def test_a_query_over_partitions_of_an_older_contract_says_so(made):
    contract = made / "contracts/silver/prices.avsc"
    contract.write_text(contract.read_text().replace('"name": "price"', '"name": "cost"'))
    done = cli("query", "SELECT sum(cost) AS total FROM silver.toy.prices", cwd=made)
    assert "1 partitions were written under an older contract" in done.stderr


def test_an_answer_that_has_no_place_is_an_error_in_words(made):
    done = subprocess.run(
        f"{sys.executable} -m lakeflow.cli status > /dev/full",
        shell=True,
        cwd=made,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, "Traceback" in done.stderr) == (1, False)
    assert "No space left" in done.stderr


def test_what_failed_and_was_healed_is_no_failure(toy):
    root = toy({RAW: "one 100\n"})
    assert cli("run", cwd=root).returncode == 3
    assert "bronze.toy.split" in cli("runs", "--failed", cwd=root).stdout
    (root / RAW).unlink()
    (root / RAW).parent.rmdir()
    assert cli("runs", "--failed", cwd=root).stdout == ""


def test_a_killed_run_is_told_as_such_by_the_next(made):
    with sqlite3.connect(made / "lake/.lakeflow/ledger.sqlite") as db:
        db.execute("UPDATE runs SET status = 'running', ended = NULL")
    assert cli("run", cwd=made).returncode == 0
    assert "killed" in cli("runs", cwd=made).stdout


def test_a_damaged_table_is_found_by_all_and_made_anew_by_the_next_run(made):
    file = next((made / "lake/silver").rglob("*.parquet"))
    whole = file.read_bytes()
    file.write_bytes(whole[:10] + bytes([whole[10] ^ 1]) + whole[11:])
    assert cli("validate", "--deep", cwd=made).returncode == 4
    assert "is damaged" in cli("doctor", cwd=made).stdout
    assert "damaged" in cli("plan", cwd=made).stdout
    assert cli("run", cwd=made).returncode == 0
    assert file.read_bytes() == whole


def test_a_lost_ledger_is_made_anew_from_the_lake(made):
    assert "2 partitions" in cli("doctor", "--rebuild-ledger", cwd=made).stderr
    assert "0 to do" in cli("plan", cwd=made).stderr


def test_a_partition_that_was_only_touched_is_current(made):
    for file in (made / "lake").rglob("*.parquet"):
        file.touch()
    assert "0 to do, 2 current" in cli("plan", cwd=made).stderr


@pytest.mark.parametrize(
    "words", [("--help",), ("run", "--help"), ("plan",), ("status",), ("run",), ("runs",)]
)
def test_looking_loads_nothing_heavy_and_no_stage(made, words):
    code = "import sys\nfrom lakeflow.cli.main import main\ntry: main()\nexcept SystemExit: pass\nprint('\\n' + ' '.join(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", code, *words], cwd=made, capture_output=True, text=True, check=False
    )
    loaded = {name.split(".")[0] for name in done.stdout.splitlines()[-1].split()}
    assert loaded & {"polars", "pyarrow", "numba", "duckdb", "databento", "sklearn", "stages"} == set()


def test_a_dataset_as_json_says_when_it_was_made_and_from_what(made):
    told = json.loads(cli("show", "silver.toy.prices", "--json", cwd=made).stdout)["dataset"]
    [partition] = told["partitions"]
    assert partition["created_at"].endswith("+00:00")
    assert {each["dataset"] for each in partition["made_of"]} == {"bronze.toy.lines"}
    assert len(told["rows"]) == partition["rows"]
