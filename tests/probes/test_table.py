import io

import numpy as np

from mltspec.probes.batch import typical
from mltspec.probes.schema import derive
from mltspec.probes.table import arrays, tabulate

RNG = np.random.default_rng(0)
SCHEMA = derive(
    {
        "image": RNG.uniform(0, 1, (50, 10, 10)).astype("float32"),
        "delay": np.array([np.nan, *range(49)], "float32"),
        "carrier": np.array(["UA"] * 30 + ["AA"] * 20),
        "file": np.arange(50),
    },
    [np.arange(50)],
)


def test_a_typical_row_has_nothing_unusual_and_few_columns():
    columns, rows, unusual = tabulate(typical(SCHEMA, 2), SCHEMA)
    assert len(columns) == 12 + 3
    assert columns[0] == "image[0,0]"
    assert columns[-3:] == ("delay", "carrier", "file")
    assert rows[0][-3:] == ("24", "'UA'", "0")
    assert len(rows) == 2
    assert unusual == ()


def test_unusual_cells_are_shown_first_and_marked():
    batch = typical(SCHEMA, 1)
    batch.tables[0][0, 77] = 1
    batch.tables[1][0, 0] = np.nan
    batch.tables[2][0, 0] = "AA"
    columns, rows, unusual = tabulate(batch, SCHEMA)
    assert columns[11] == "image[7,7]"
    assert [(cell.row, cell.feature, cell.value) for cell in unusual] == [
        (0, "image[7,7]", "1"),
        (0, "delay", "missing"),
        (0, "carrier", "'AA'"),
    ]
    assert rows[0][columns.index("delay")] == "missing"


def test_many_rows_are_cut():
    assert len(tabulate(typical(SCHEMA, 64), SCHEMA).rows) == 16


def test_the_whole_batch_is_saved_without_pickle():
    file = io.BytesIO()
    np.savez(file, **arrays(typical(SCHEMA, 3), SCHEMA))
    file.seek(0)
    with np.load(file, allow_pickle=False) as saved:
        assert saved["inputs/image"].shape == (3, 10, 10)
        assert saved["inputs/carrier"].tolist() == ["UA"] * 3
        assert saved["inputs/file"].shape == (3,)
        assert saved["labels/0"].shape == (3,)
