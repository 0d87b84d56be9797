"""Damaged copies are refused by the strict reader, each for what is wrong with it."""

import pytest

from lakeflow.simulate.damaged import KINDS, flip_bit, spoil
from lakeflow.vendors.databento.records import records
from lakeflow.vendors.errors import DamagedFile, ForeignFile


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_kind_of_damage_is_refused(day_files, tmp_path, kind):
    copy = spoil(day_files[0], kind, tmp_path)
    assert copy.name == day_files[0].name
    with pytest.raises((DamagedFile, ForeignFile)):
        list(records(copy, "mbo"))


@pytest.mark.parametrize("at", [0.3, 0.6, 0.9])
def test_a_flipped_bit_on_disk_is_refused(day_files, tmp_path, at):
    with pytest.raises(DamagedFile):
        list(records(flip_bit(day_files[0], tmp_path, at), "mbo"))


def test_a_damage_that_there_is_not_is_refused_with_those_there_are(day_files, tmp_path):
    with pytest.raises(ValueError, match="no damage rust; there are doubled, empty_record, flipped"):
        spoil(day_files[0], "rust", tmp_path)
