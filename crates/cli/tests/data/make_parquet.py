#!/usr/bin/env python3
"""Writes the Parquet files beside it, which the tests of the feature `parquet` read.

    python -m venv .venv && .venv/bin/pip install pyarrow==26.0.1
    .venv/bin/python make_parquet.py

Every number type in its own column, with an extreme value; each compression the reader has; two row groups; one column
that could have nulls, and in `null.parquet` has one. The values stand in `src/read/parquet.rs` once more.
"""

from pathlib import Path

import pyarrow
from pyarrow import parquet

HERE = Path(__file__).resolve().parent
assert pyarrow.__version__ == "26.0.1", pyarrow.__version__


def write(name, columns, **options):
    schema = pyarrow.schema([pyarrow.field(name, kind, nullable) for name, kind, nullable, _ in columns])
    table = pyarrow.table([pyarrow.array(values, kind) for _, kind, _, values in columns], schema=schema)
    parquet.write_table(table, HERE / name, store_schema=False, **options)


numbers = [
    ("tiny", pyarrow.int8(), False, [-128, 127, 3, 4, 5]),
    ("whole", pyarrow.int64(), True, [-(2**53), 2, 3, 2**53, 5]),
    ("kind", pyarrow.string(), True, ["a", "b, c", None, "", "a"]),
    ("natural", pyarrow.uint32(), False, [0, 2**32 - 1, 7, 8, 9]),
    ("large", pyarrow.uint64(), False, [2**63, 1, 2, 3, 4]),
    ("single", pyarrow.float32(), False, [0.5, -1.5, 2.0**-126, 2.25, 3.0]),
    ("double", pyarrow.float64(), True, [0.1, -1e300, 5e-324, 2.0, 3.0]),
]
compression = dict(tiny="snappy", whole="gzip", kind="zstd", natural="zstd", large="none", single="snappy", double="none")
write("table.parquet", numbers, row_group_size=3, compression=compression)
write("single.parquet", [column for column in numbers if column[0] in ("single", "kind")], version="1.0")
write("null.parquet", [("x", pyarrow.float64(), True, [1.0, 2.0, 3.0, 4.0, None]), numbers[0]], row_group_size=2)
write("nan.parquet", [("x", pyarrow.float64(), False, [1.0, 2.0, float("nan")]), ("y", pyarrow.int32(), False, [1, 2, 3])])
write("dates.parquet", [("when", pyarrow.timestamp("ms"), False, [1, 2, 3]), ("y", pyarrow.int32(), False, [1, 2, 3])])
write("list.parquet", [("xs", pyarrow.list_(pyarrow.int32()), False, [[1], [2, 3], []])])
write("integers.parquet", [("x", pyarrow.int16(), False, [3, 4]), ("y", pyarrow.int64(), False, [0, 5])])
