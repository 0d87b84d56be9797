"""Names of tokens and markets by number: what is spelled again is what was said."""

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from lakeflow.vendors.polymarket.naming import NAME, numbered, spelled

SAID = st.lists(st.sampled_from([None, "", "1", "12", "0xé"]))


@given(SAID, st.integers(0, 3))
def test_names_are_spelled_as_they_were_said_and_no_name_is_none(said, cut):
    names = pl.Series(said, dtype=pl.String).cast(NAME)[cut:]
    number, few = numbered(names)
    assert spelled(names).to_list() == said[cut:] == [few[int(at)] for at in number]
    assert len(few) == len(set(said[cut:]))
