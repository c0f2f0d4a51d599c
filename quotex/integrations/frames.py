"""Quotations of a table of texts, as a table: `extract_frame`, under pandas, Dask, Ray Data and Spark.

    pandas: extract_frame(frame)
    Dask:   frame.map_partitions(extract_frame, meta=extract_frame(frame._meta))
    Ray:    dataset.map_batches(extract_frame, batch_format="pandas")
    Spark:  frame.mapInPandas(extract_frame, schema=f"id bigint, {SPARK_COLUMNS}")

docs/schema.md says what is in the columns, docs/pipelines.md has an example for each engine.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import Any

import pandas as pd
import pyarrow as pa

from quotex._extractor import shared_extractor
from quotex._rows import COLUMNS, METADATA_KEY, SCHEMA_VERSION, Extracts, arrow_schema, extract_each, rows

QUOTE_SCHEMA = arrow_schema()
"""The columns that `extract_frame` adds to the caller's, a `pyarrow.Schema` with the version in its metadata."""

_SPARK_TYPES = {"string": "string", "int": "bigint", "float": "double", "ints": "array<bigint>"}
SPARK_COLUMNS = ", ".join(f"{name} {_SPARK_TYPES[kind]}" for name, kind in COLUMNS.items())
"""The same in Spark's words, to be put behind the caller's columns."""

# nullable types, so that an integer stays one beside a missing value
_PANDAS_TYPES = {pa.string(): pd.StringDtype(), pa.int64(): pd.Int64Dtype(), pa.float64(): pd.Float64Dtype()}

BATCH_ROWS = 64
"""Texts that are extracted together; a frame's results are not kept twice."""

_loading = threading.Lock()


def extract_frame(
    frame: Any,
    *,
    text: str = "text",
    ids: Sequence[str] | None = None,
    models: str | Extracts = "compact",
    language: str = "en",
) -> Any:
    """The quotations of a frame of texts, one row a quotation.

    A process loads the models once, with the first frame that has a row.

    Args:
        frame: A `pandas.DataFrame`, one row a text; or an iterator of them, as Spark's `mapInPandas` hands over.
        text: The column of the texts.
        ids: The columns to carry through; all but `text` where it is `None`.
        models: The name of a package, see `quotex.Extractor`; or, inside one process, an `Extractor`.
        language: The language of the texts.

    Returns:
        For a frame a frame, for an iterator an iterator: the columns of `ids`, then those of `QUOTE_SCHEMA`, with a new
        index. A text without quotations has no row. One that is no `str`, or that quotex fails on, has a row whose
        `error` is the reason and whose other columns are missing.

    Raises:
        ValueError: A column is not there, or has the name of one of ours.
        LanguageError, ModelPackageError, ModelNotFoundError: See `quotex.Extractor`.
    """
    if not isinstance(frame, pd.DataFrame):
        return (extract_frame(part, text=text, ids=ids, models=models, language=language) for part in frame)
    carried = [name for name in frame.columns if name != text] if ids is None else list(ids)
    _check_columns(frame, text, carried)
    column = frame[text]
    texts = [None if missing else value for value, missing in zip(column, column.isna(), strict=True)]
    places: list[int] = []
    tables: list[pa.Table] = []
    for start in range(0, len(texts), BATCH_ROWS):
        batch = extract_each(_extractor(models, language), texts[start : start + BATCH_ROWS])
        found = [(start + place, row) for place, result in enumerate(batch) for row in rows(result)]
        places.extend(place for place, _ in found)
        tables.append(pa.Table.from_pylist([row for _, row in found], schema=QUOTE_SCHEMA))
    # in one chunk: Spark cannot take a column of lists in several
    table = pa.concat_tables(tables).combine_chunks() if tables else QUOTE_SCHEMA.empty_table()
    left = frame[carried].iloc[places].reset_index(drop=True)
    return pd.concat([left, table.to_pandas(types_mapper=_pandas_type)], axis=1)


def _check_columns(frame: pd.DataFrame, text: str, carried: Sequence[str]) -> None:
    missing = [name for name in (text, *carried) if name not in frame.columns]
    if missing:
        raise ValueError(f"no column {', '.join(map(repr, missing))}; there are {', '.join(map(repr, frame.columns))}")
    taken = [name for name in carried if name in COLUMNS]
    if taken:
        raise ValueError(f"the result has columns of its own named {', '.join(map(repr, taken))}; rename yours")


def _extractor(models: str | Extracts, language: str) -> Extracts:
    if not isinstance(models, str):
        return models
    with _loading:  # Dask calls from several threads
        return shared_extractor(models, language)


def _pandas_type(kind: pa.DataType) -> Any:
    return pd.ArrowDtype(kind) if pa.types.is_list(kind) else _PANDAS_TYPES.get(kind)


__all__ = ["METADATA_KEY", "QUOTE_SCHEMA", "SCHEMA_VERSION", "SPARK_COLUMNS", "extract_frame"]
