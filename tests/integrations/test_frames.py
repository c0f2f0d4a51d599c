"""`extract_frame`, under pandas and under the engines that are installed."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest

pytest.importorskip("pandas", reason="pandas is not installed: pip install quotex[frames]")
pytest.importorskip("pyarrow", reason="pyarrow is not installed: pip install quotex[frames]")

import pandas as pd
import pyarrow as pa
from integration_texts import plain, texts
from stub_pipeline import Pipeline

import quotex
from quotex import Extraction, Extractor
from quotex._rows import COLUMNS, METADATA_KEY, SCHEMA_VERSION, rows
from quotex.integrations.frames import BATCH_ROWS, QUOTE_SCHEMA, SPARK_COLUMNS, extract_frame

TALK = "“It leaks,” Ann said. “Ben said ‘It leaks.’” Nobody moved.\n\n“Well,” Ben said."


@pytest.fixture
def extractor() -> Extractor:
    return Extractor(Pipeline())


class Fragile:
    """An extractor with a defect: it fails on texts that say `boom`."""

    def extract_many(self, texts: Any) -> Iterator[Extraction]:
        for text in texts:
            if "boom" in text:
                raise IndexError("list index\nout of range")
            yield Extraction(text=text)


def test_one_row_a_quotation(extractor: Extractor) -> None:
    frame = pd.DataFrame({"id": [7, 8], "text": [TALK, "Nothing."], "day": ["Mon", "Tue"]}, index=[5, 5])
    found = extract_frame(frame, models=extractor)
    assert list(found.columns) == ["id", "day", *COLUMNS]
    assert list(found.index) == [0, 1, 2]
    assert found["id"].tolist() == [7, 7, 7]
    assert found["quote"].tolist() == ["It leaks, Ben said ‘It leaks.’", "It leaks.", "Well,"]
    assert found["parent_id"].tolist() == [pd.NA, 0, pd.NA]
    assert [list(starts) for starts in found["segment_starts"]] == [[1, 23], [33], [61]]
    assert found["speaker"].tolist() == ["Ann", "Ben", "Ben"]
    assert found["schema_version"].tolist() == [SCHEMA_VERSION] * 3
    for row in found.to_dict("records"):
        for name in ("mention", "cue", "sentence", "source"):
            assert TALK[row[f"{name}_start"] : row[f"{name}_end"]] == row[name]


def test_the_types_are_those_of_the_schema(extractor: Extractor) -> None:
    for frame in (pd.DataFrame({"text": [TALK, None]}), pd.DataFrame({"text": []}), pd.DataFrame({"text": ["No."]})):
        found = extract_frame(frame, models=extractor)
        assert pa.Table.from_pandas(found, preserve_index=False).cast(QUOTE_SCHEMA).schema.equals(QUOTE_SCHEMA)
    assert QUOTE_SCHEMA.metadata == {METADATA_KEY.encode(): str(SCHEMA_VERSION).encode()}
    assert QUOTE_SCHEMA.names == list(COLUMNS)


def test_columns_of_lists_are_in_one_piece(extractor: Extractor) -> None:
    found = extract_frame(pd.DataFrame({"text": [TALK] * (BATCH_ROWS + 1)}), models=extractor)
    # what Spark does with each column; several pieces would be a ChunkedArray, which it cannot take
    assert isinstance(pa.Array.from_pandas(found["segment_starts"]), pa.Array)


@pytest.mark.parametrize("wrong", [None, float("nan"), 7, b"text", "\ud800"])
def test_a_bad_row_costs_only_itself(extractor: Extractor, wrong: object) -> None:
    found = extract_frame(
        pd.DataFrame({"id": [1, 2], "text": pd.Series([wrong, TALK], dtype=object)}), models=extractor
    )
    assert found["id"].tolist() == [1, 2, 2, 2]
    assert found["error"].notna().tolist() == [True, False, False, False]
    assert (found["error"][0] == "no text") is bool(pd.isna(wrong))
    assert found.loc[0].dropna().index.tolist() == ["id", "error", "schema_version"]


def test_a_defect_costs_only_its_row() -> None:
    frame = pd.DataFrame({"id": range(4), "text": ["a", "boom", "b", "boom"]})
    found = extract_frame(frame, models=Fragile())
    assert found["id"].tolist() == [1, 3]
    assert set(found["error"]) == {"IndexError: list index out of range"}


def test_columns_are_chosen(extractor: Extractor) -> None:
    frame = pd.DataFrame({"body": [TALK], "id": [1], "more": [2]})
    assert list(extract_frame(frame, text="body", ids=["id"], models=extractor).columns) == ["id", *COLUMNS]
    assert list(extract_frame(frame, text="body", ids=[], models=extractor).columns) == list(COLUMNS)
    assert list(extract_frame(frame, text="body", ids=["body"], models=extractor).columns) == ["body", *COLUMNS]


def test_wrong_columns() -> None:
    with pytest.raises(ValueError, match="no column 'text'; there are 'body', 'id'"):
        extract_frame(pd.DataFrame({"body": [], "id": []}))
    with pytest.raises(ValueError, match="columns of its own named 'kind'"):
        extract_frame(pd.DataFrame({"text": [], "kind": []}))


def test_an_empty_frame_loads_no_models(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("quotex.integrations.frames.shared_extractor", None)
    assert extract_frame(pd.DataFrame({"text": []})).empty


def test_wrong_models() -> None:
    with pytest.raises(quotex.LanguageError):
        extract_frame(pd.DataFrame({"text": ["“"]}), language="xx")


def test_frames_one_after_the_other(extractor: Extractor) -> None:
    frames = extract_frame(iter([pd.DataFrame({"text": [TALK]}), pd.DataFrame({"text": []})]), models=extractor)
    assert [len(found) for found in frames] == [3, 0]


# the engines; `texts` are written for this


def articles(number: int) -> pd.DataFrame:
    return pd.DataFrame({"id": range(number), "text": texts(number)})


def wanted(extractor: Extractor, number: int) -> list[Any]:
    """The rows of a plain loop."""
    return [
        plain({"id": place, **row}) for place, text in enumerate(texts(number)) for row in rows(extractor.extract(text))
    ]


def given(found: pd.DataFrame) -> list[Any]:
    return [plain(row) for row in found.sort_values(["id", "quote_id"]).to_dict("records")]


def test_dask(extractor: Extractor, monkeypatch: pytest.MonkeyPatch) -> None:
    dask_frame = pytest.importorskip("dask.dataframe", reason="Dask is not installed: pip install 'dask[dataframe]'")
    frame = dask_frame.from_pandas(articles(200), npartitions=4)
    meta = extract_frame(frame._meta)
    monkeypatch.setattr("quotex.integrations.frames.shared_extractor", lambda *_: extractor)
    found = frame.map_partitions(extract_frame, meta=meta).compute(scheduler="threads")
    assert given(found) == wanted(extractor, 200)
    assert found.dtypes.to_dict() == meta.dtypes.to_dict()


# processes of their own: these load the pack

COUNT = int(os.environ.get("QUOTEX_ENGINE_TEXTS", "60"))


@pytest.fixture(scope="module")
def by_loop() -> list[Any]:
    return wanted(Extractor(), COUNT)


@pytest.mark.model
def test_pandas_with_the_pack(by_loop: list[Any]) -> None:
    assert given(extract_frame(articles(COUNT))) == by_loop
    assert {dict(row)["speaker"] for row in by_loop} > {"Rosa Lind", "Ida Moss"}


@pytest.mark.model
@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning", "ignore::ResourceWarning")
def test_ray(by_loop: list[Any]) -> None:
    pytest.importorskip("ray", reason="Ray is not installed: pip install quotex[ray]")
    import ray
    import ray.data

    ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False, configure_logging=False)
    try:
        dataset = ray.data.from_pandas(articles(COUNT)).repartition(4)
        found = dataset.map_batches(extract_frame, batch_format="pandas", batch_size=16).to_pandas()
    finally:
        ray.shutdown()
    assert given(found) == by_loop


@pytest.mark.model
@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning", "ignore::ResourceWarning")
def test_spark(by_loop: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("pyspark", reason="Spark is not installed: pip install pyspark")
    if shutil.which("java") is None:
        pytest.skip("no Java for Spark: apt-get install default-jre-headless")
    from pyspark.sql import SparkSession

    monkeypatch.setenv("PYSPARK_PYTHON", sys.executable)

    spark = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false").getOrCreate()
    try:
        frame = spark.createDataFrame(articles(COUNT).to_dict("records"), schema="id bigint, text string")
        found = frame.repartition(2).mapInPandas(extract_frame, schema=f"id bigint, {SPARK_COLUMNS}")
        got = [plain(row.asDict()) for row in found.orderBy("id", "quote_id").collect()]
    finally:
        spark.stop()
    assert got == by_loop


def test_options_for_engines_that_call_with_one_argument(extractor: Extractor) -> None:
    function = partial(extract_frame, text="body", models=extractor)
    assert len(function(pd.DataFrame({"body": [TALK]}))) == 3
