"""Collections of a knowledge base: fields, indexes, and the spec that travels with them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, fields
from typing import Any, TypeAlias

from pymilvus import CollectionSchema, DataType, Function, FunctionType, MilvusClient
from pymilvus.milvus_client.index import IndexParams

from rag.errors import ConfigError, StoreFormatError
from rag.ports import Capabilities, KbSpec
from rag.store.analyzers import analyzer_params, check_analyzer
from rag.store.capabilities import has_inverted
from rag.store.expressions import column_field
from rag.store.names import Collections
from rag.store.rows.values import MAX_TEXT_BYTES
from rag.types import FieldType, Space

MAX_COLUMNS = 24
"""Milvus allows 64 fields; a declared column takes two."""
MIN_NLIST = 16
SPEC_PROPERTY = "rag.spec"
_TYPES: Mapping[FieldType, DataType] = {
    "int": DataType.INT64,
    "float": DataType.DOUBLE,
    "str": DataType.VARCHAR,
    "bool": DataType.BOOL,
}
_FIELD_TYPES = {data_type: name for name, data_type in _TYPES.items()}

Index: TypeAlias = tuple[str, dict[str, Any]]
"""A field, and what `IndexParams.add_index` wants for it."""


def spec_to_json(collections: Collections) -> str:
    """The spec, and the generation where it is not the first."""
    number = {"generation": collections.generation} if collections.generation > 1 else {}
    return json.dumps(asdict(collections.spec) | number, ensure_ascii=True)


def read_collections(kb: str, described: Mapping[str, Any]) -> Collections | None:
    """The generation that a collection belongs to, and its spec; None where the collection is not ours.

    The spec is kept twice: Lite forgets descriptions, and a server may one day refuse properties that it does not know.

    Raises:
        StoreFormatError: it was written by a version that kept something else in it.
    """
    text = described.get("properties", {}).get(SPEC_PROPERTY)
    description = str(described.get("description", ""))
    if not text and description.startswith(f"{SPEC_PROPERTY} "):
        text = description.removeprefix(f"{SPEC_PROPERTY} ")
    if not text:
        return None
    try:
        kept = json.loads(text)
        known = {field.name for field in fields(KbSpec)}
        spec = KbSpec(**{name: value for name, value in kept.items() if name in known})
        return Collections(kb, int(kept.get("generation", 1)), spec)
    except (ValueError, TypeError, AttributeError) as error:
        raise StoreFormatError(
            f"{described.get('collection_name')} carries a specification that this version cannot read ({error}). "
            "Drop it with 'rag kb drop' and ingest again."
        ) from error


def schemas(collections: Collections, capabilities: Capabilities) -> dict[str, CollectionSchema]:
    """By collection, in the order in which they are made: the manifest last."""
    by_name = {collections.name(space): _space_schema(collections, space, capabilities) for space in collections.spaces}
    return by_name | {collections.manifest: _manifest_schema(collections)}


def _empty_schema(collections: Collections) -> CollectionSchema:
    schema = MilvusClient.create_schema(
        auto_id=False, enable_dynamic_field=False, description=f"{SPEC_PROPERTY} {spec_to_json(collections)}"
    )
    schema.add_field("id", DataType.VARCHAR, is_primary=True, max_length=128)
    return schema


def _add_text(schema: CollectionSchema, *names: str) -> None:
    for name in names:
        schema.add_field(name, DataType.VARCHAR, max_length=MAX_TEXT_BYTES)


def _space_schema(collections: Collections, space: Space, capabilities: Capabilities) -> CollectionSchema:
    """Fields of `<kb>_texts` or `<kb>_images`. The dynamic field has the facets (see `rag.store.rows.facets`)."""
    spec = collections.spec
    schema = _empty_schema(collections)
    schema.enable_dynamic_field = True
    _add_text(schema, "doc_id", "source", "kind")
    lexical = spec.lexical_form(capabilities) if space == "texts" else "none"
    words = lexical == "words"
    analysis: dict[str, Any] = {}
    if words:
        analysis = {"enable_analyzer": True, "analyzer_params": analyzer_params(spec.analyzer, capabilities)}
    schema.add_field("text", DataType.VARCHAR, max_length=MAX_TEXT_BYTES, **analysis)
    schema.add_field("vector", DataType.FLOAT_VECTOR, dim=collections.dim(space))
    if lexical != "none":
        schema.add_field("sparse", DataType.SPARSE_FLOAT_VECTOR)
    if words:
        schema.add_function(
            Function("bm25", FunctionType.BM25, input_field_names=["text"], output_field_names=["sparse"])
        )
    for position, type_ in enumerate(spec.fields.values()):
        size = {"max_length": MAX_TEXT_BYTES} if type_ == "str" else {}
        schema.add_field(column_field(position), _TYPES[type_], **size)
        schema.add_field(f"{column_field(position)}_set", DataType.BOOL)
    schema.add_field("metadata", DataType.JSON)
    return schema


def _manifest_schema(collections: Collections) -> CollectionSchema:
    """Fields of `<kb>_documents`, which also keeps the measured facts (see `rag.store.manifest`)."""
    schema = _empty_schema(collections)
    _add_text(schema, "source", "path", "content_hash", "state", "error")
    schema.add_field("n_records", DataType.INT64)
    schema.add_field("transient", DataType.BOOL)
    schema.add_field("vector", DataType.FLOAT_VECTOR, dim=collections.spec.text_dim)
    schema.add_field("metadata", DataType.JSON)
    return schema


def vector_index(nlist: int) -> Index:
    # Lite reads nlist only from a nested "params", and the server does not mind.
    return "vector", {"index_type": "IVF_FLAT", "metric_type": "COSINE", "params": {"params": {"nlist": nlist}}}


def indexes(schema: CollectionSchema, capabilities: Capabilities) -> Iterator[Index]:
    """An index for each field that has one: vectors, and the scalars that filters go by."""
    for field in schema.fields:
        if field.dtype == DataType.FLOAT_VECTOR:
            yield vector_index(MIN_NLIST)
        elif field.dtype == DataType.SPARSE_FLOAT_VECTOR:
            metric = "BM25" if schema.functions else "IP"
            yield field.name, {"index_type": "SPARSE_INVERTED_INDEX", "metric_type": metric}
        elif field.name in ("doc_id", "source", "kind", "state") or field.name.startswith("column_"):
            index_type = _scalar_index(_FIELD_TYPES[field.dtype], capabilities)
            if index_type:
                yield field.name, {"index_type": index_type}


def _scalar_index(type_: FieldType, capabilities: Capabilities) -> str:
    if has_inverted(capabilities):
        return "INVERTED"
    return {"str": "Trie", "bool": ""}.get(type_, "STL_SORT")


def index_params(index: Index) -> IndexParams:
    """As MilvusClient wants it."""
    field, params = index
    found = IndexParams()
    found.add_index(field, **params)
    return found


def check_limits(spec: KbSpec, capabilities: Capabilities) -> None:
    """Refuses what no collection can hold there.

    Raises:
        ConfigError: naming the number, analyzer or field.
    """
    if not 2 <= spec.text_dim <= 32_768 or not (spec.image_dim == 0 or 2 <= spec.image_dim <= 32_768):
        raise ConfigError(f"vectors have 2 to 32,768 dimensions; got {spec.text_dim} and {spec.image_dim} (images)")
    check_analyzer(spec, capabilities)
    if len(spec.fields) > MAX_COLUMNS:
        raise ConfigError(f"{len(spec.fields)} columns are declared with a type; at most {MAX_COLUMNS} can be")
    for name, type_ in spec.fields.items():
        if type_ not in _TYPES:
            raise ConfigError(f"column {name!r} is declared as {type_!r}; use one of {', '.join(_TYPES)}")
