"""Our layouts and codes against the vendor's own library."""

import databento_dbn as dbn
import numpy as np
import pytest

from lakeflow.vendors.databento import codes, definition, layouts
from lakeflow.vendors.databento.schemas import LAYOUTS


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (layouts.MBO, dbn.MBOMsg),
        (layouts.STATUS, dbn.StatusMsg),
        (layouts.STATISTICS_V1, dbn.StatMsgV1),
        (layouts.STATISTICS_V3, dbn.StatMsg),
        (definition.V1, dbn.InstrumentDefMsgV1),
        (definition.V2, dbn.InstrumentDefMsgV2),
        (definition.V3, dbn.InstrumentDefMsg),
    ],
)
def test_every_field_stands_where_the_vendor_puts_it(ours, theirs):
    assert ours == np.dtype(theirs._dtypes)


def test_schemas_and_symbol_types_have_the_vendors_numbers():
    assert list(codes.SCHEMAS) == [str(dbn.Schema.from_int(n)) for n in range(len(codes.SCHEMAS))]
    assert list(codes.STYPES) == [str(dbn.SType.from_int(n)) for n in range(len(codes.STYPES))]


def test_record_types_have_the_vendors_numbers():
    known = {"mbo": dbn.RType.MBO, "definition": dbn.RType.INSTRUMENT_DEF, "statistics": dbn.RType.STATISTICS}
    for schema, rtype in {**known, "status": dbn.RType.STATUS}.items():
        assert {layout.rtype for layout in LAYOUTS[schema].values()} == {int(rtype)}


def test_flags_and_undefined_values_are_the_vendors():
    for name in dir(dbn):
        if name.startswith(("F_", "UNDEF_")):
            assert getattr(codes, name) == int(getattr(dbn, name)), name
