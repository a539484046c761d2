"""GET /openapi.json: the document is whole, and says what there is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask

from app.web.api.v1.problems import _SAID
from tests.web.api.conftest import Programs


@pytest.fixture
def document(program: Programs) -> dict[str, Any]:
    """The document, as anybody gets it."""
    answer = program(None).get("/openapi.json")
    assert (answer.status_code, answer.content_type) == (200, "application/json")
    return answer.get_json()


def operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


def references(part: object) -> Iterator[str]:
    if isinstance(part, dict):
        if isinstance(part.get("$ref"), str):
            yield part["$ref"]
        for value in part.values():
            yield from references(value)
    elif isinstance(part, list):
        for value in part:
            yield from references(value)


def test_it_is_openapi_3_1_with_keys(document: dict[str, Any]) -> None:
    assert document["openapi"].startswith("3.1")
    assert {"title", "version"} <= document["info"].keys()
    assert document["components"]["securitySchemes"]["key"]["scheme"] == "bearer"


def test_it_lists_every_route(app: Flask, document: dict[str, Any]) -> None:
    routes = {
        (rule.rule.replace("<uuid:", "{").replace(">", "}"), method.lower())
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/api/v1/") and rule.endpoint != "api_v1.document"
        for method in rule.methods - {"HEAD", "OPTIONS"}
    }
    assert {(path, method) for path, method, _ in operations(document)} == routes


def test_every_reference_leads_somewhere(document: dict[str, Any]) -> None:
    schemas = document["components"]["schemas"]
    assert {one.removeprefix("#/components/schemas/") for one in references(document)} <= schemas.keys()


def test_every_operation_is_whole(document: dict[str, Any]) -> None:
    ids = [operation["operationId"] for _, _, operation in operations(document)]
    assert len(set(ids)) == len(ids) == 8
    for path, method, operation in operations(document):
        named = {parameter["name"] for parameter in operation["parameters"] if parameter["in"] == "path"}
        assert named == {part[1:-1] for part in path.split("/") if part.startswith("{")}
        assert operation["summary"]
        assert operation["tags"]
        assert operation["security"] == [{"key": []}]
        assert all(response["description"] for response in operation["responses"].values())
        assert {"401", "403", "422", "429"} <= operation["responses"].keys()
        assert ("Idempotency-Key" in {one["name"] for one in operation["parameters"]}) == (method == "post")
        refused = [response for status, response in operation["responses"].items() if status >= "4"]
        assert all(list(response["content"]) == ["application/problem+json"] for response in refused)


def test_examples_name_only_fields_there_are(document: dict[str, Any]) -> None:
    schemas = document["components"]["schemas"]
    for _, _, operation in operations(document):
        bodies = [*operation["responses"].values(), *([operation["requestBody"]] if "requestBody" in operation else [])]
        for content in (kind for body in bodies for kind in body["content"].values() if "example" in kind):
            name = content["schema"]["$ref"].rpartition("/")[2]
            assert content["example"].keys() <= schemas[name]["properties"].keys(), name


def test_sentences_about_input_take_only_what_pydantic_gives() -> None:
    places = {"expected", "max_length", "ge", "le"}
    for template in _SAID.values():
        assert template % dict.fromkeys(places, "x")
