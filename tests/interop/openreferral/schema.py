"""The published JSON Schemas as an independent judge, formats included."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from tests.paths import shared

FOLDERS = {
    "hsds-3.0": "conformance/schemas/hsds-3.0",
    "hsds-3.1-dev": "conformance/schemas/hsds-3.1-dev/schema",
    "oruk-3.0": "conformance/schemas/oruk-3.0/schemata",
}


def judge(version: str, kind: str) -> Draft202012Validator:
    """The validator of one kind of object; the test is skipped where the schemas are absent."""
    return _judge(str(shared(FOLDERS[version])), kind)


@cache
def _judge(folder: str, kind: str) -> Draft202012Validator:
    resources = []
    for path in sorted(Path(folder).glob("*.json")):
        schema = json.loads(path.read_text())
        if isinstance(schema, dict) and "properties" in schema:
            schema.pop("$id", None)
            resources.append((path.name, Resource.from_contents(schema, default_specification=DRAFT202012)))
    registry: Registry[Any] = Registry().with_resources(resources)
    checker = FormatChecker(formats=("uuid", "email", "uri", "date", "time", "date-time"))
    return Draft202012Validator({"$ref": f"{kind}.json"}, registry=registry, format_checker=checker)


def faults(version: str, kind: str, instance: Any) -> list[str]:
    return [
        f"{error.json_path}: {error.message[:200]}" for error in judge(version, kind).iter_errors(instance)
    ]
