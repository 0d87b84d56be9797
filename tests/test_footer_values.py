"""Footers that tell other values than the file holds: `validate --deep` finds them, and the next run makes the file anew."""

from lakeflow.execution import Terms, execute
from lakeflow.footer_values import lies
from lakeflow.partition import Partition
from lakeflow.project import open_project
from lakeflow.request import Request
from lakeflow.validation import validate

RAW = "lake/raw/source=vendor/product_type=toy/symbol=A1/dt=2026-01-06/lines.txt"
MADE = Partition("silver.toy.prices", "A1", "2026-01-06")


def run(root):
    project = open_project(root)
    return execute(project, Request(frozenset(project.catalog.datasets)), Terms(workers=1))


def test_a_footer_that_lies_is_found_and_the_next_run_makes_the_file_anew(toy):
    root = toy({RAW: "1 100\n2 300\n"})
    run(root)
    file = root / "lake" / MADE.path
    body = file.read_bytes()
    at = body.rindex((1000).to_bytes(8, "little"))  # the smallest price, as the footer tells it
    assert list(lies(file)) == []
    file.write_bytes(body[:at] + (2000).to_bytes(8, "little") + body[at + 8 :])
    assert "footer" in {c.rule for c in validate(open_project(root), [MADE], deep=True)}
    assert [done.key.stage for done in run(root).in_state("committed", "unchanged")] == ["silver.toy.scale"]
    assert file.read_bytes() == body
