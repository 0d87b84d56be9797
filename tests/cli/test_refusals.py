"""What the command refuses: with which exit code, in which words, and as JSON."""

import json
import subprocess
import sys

import pytest

DAY = ("--symbol", "A1", "--dt", "2026-01-06")


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
def test_what_cannot_be_ends_in_its_own_code_and_one_word_of_advice(made, words, code, said, cli):
    done = cli(*words, cwd=made)
    assert (done.returncode, "Traceback" in done.stderr) == (code, False), done.stderr
    assert said in done.stdout + done.stderr


@pytest.mark.parametrize("words", [("run", "--bogus"), ("runn",), ("run", "--workers", "none")])
def test_a_wrong_word_as_json_is_an_object_too(made, words, cli):
    done = cli(*words, "--json", cwd=made)
    assert (done.returncode, json.loads(done.stdout)["error"]["kind"]) == (2, "UsageError")


def test_an_error_as_json_is_on_stdout(made, cli):
    done = cli("run", "silver.toy.price", "--json", cwd=made)
    assert json.loads(done.stdout)["error"]["code"] == 2


def test_a_broken_registry_is_told_before_anything_is_done(made, cli):
    (made / "datasets.yaml").write_text("datasets: {}\nstages: {}\nproducts: {}\nother: 1\n")
    done = cli("run", cwd=made)
    assert done.returncode == 5
    assert "unknown key 'other'" in done.stderr


def test_without_a_project_the_command_says_where_it_looked(tmp_path, cli):
    done = cli("plan", cwd=tmp_path)
    assert (done.returncode, "datasets.yaml" in done.stderr) == (5, True)


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


def test_folders_in_a_folder_of_deliveries_are_named_and_not_added(made, cli):
    (made / "in" / "deeper").mkdir(parents=True)
    (made / "in" / "deeper" / "A1_2026-01-07.txt").write_text("1 100\n")
    told = cli("raw", "add", "in", cwd=made).stderr
    assert "what is in its folders (deeper) is not added. To add it: lakeflow raw add in/*/" in told
    assert "1 files added" in cli("raw", "add", "in/deeper", cwd=made).stderr


def test_a_query_of_a_table_that_is_not_made_says_so(made, cli):
    done = cli("query", "SELECT * FROM silver.toy.prices", "--symbol", "B7", cwd=made)
    assert (done.returncode, "holds no such partition" in done.stderr) == (0, True)


def test_errors_of_tables_of_an_older_contract_are_told_with_what_mends_them(made, cli):
    contract = made / "contracts/silver/prices.avsc"
    said = json.loads(contract.read_text())
    more = {"name": "more", "type": "long", "doc": "New and without a default."}
    contract.write_text(json.dumps(said | {"fields": [*said["fields"], more]}))
    done = cli("validate", cwd=made)
    assert (done.returncode, "lakeflow run makes it anew" in done.stderr) == (4, True)
