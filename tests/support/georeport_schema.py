"""The published JSON schemas of GeoReport v2, in our own words: field → what it may be."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

Check = Callable[[Any], bool]


def text(value: Any) -> bool:
    return isinstance(value, str) and value != ""


def string(value: Any) -> bool:
    return isinstance(value, str)


def flag(value: Any) -> bool:
    return isinstance(value, bool)


def degrees(value: Any) -> bool:
    return isinstance(value, float) and -180 <= value <= 180


def moment(value: Any) -> bool:
    return isinstance(value, str) and datetime.fromisoformat(value).tzinfo is not None


def or_null(check: Check) -> Check:
    return lambda value: value is None or check(value)


def one_of(*values: str) -> Check:
    return lambda value: value in values


def array(of: Mapping[str, Check]) -> Check:
    return lambda value: isinstance(value, list) and not any(faults(one, of) for one in value)


SERVICE: Mapping[str, Check] = {
    "service_code": text,
    "service_name": text,
    "description": string,
    "metadata": flag,
    "type": one_of("realtime", "batch", "blackbox"),
    "keywords": string,
    "group": string,
}
ATTRIBUTE: Mapping[str, Check] = {
    "variable": flag,
    "code": text,
    "datatype": one_of("string", "number", "datetime", "text", "singlevaluelist", "multivaluelist"),
    "datatype_description": or_null(string),
    "required": flag,
    "order": lambda value: isinstance(value, int) and value > 0,
    "description": text,
    "values": array({"key": text, "name": text}),
}
DEFINITION: Mapping[str, Check] = {"service_code": text, "attributes": array(ATTRIBUTE)}
REQUEST: Mapping[str, Check] = {
    "service_request_id": text,
    "status": one_of("open", "closed"),
    "status_notes": or_null(string),
    "service_name": text,
    "service_code": text,
    "description": text,
    "agency_responsible": or_null(string),
    "service_notice": or_null(string),
    "requested_datetime": moment,
    "updated_datetime": or_null(moment),
    "expected_datetime": or_null(moment),
    "address": or_null(string),
    "address_id": or_null(string),
    "zipcode": or_null(string),
    "lat": or_null(degrees),
    "long": or_null(degrees),
    "media_url": or_null(string),
}
MADE: Mapping[str, Check] = {
    "service_request_id": text,
    "service_notice": or_null(string),
    "account_id": or_null(string),
}
ERROR: Mapping[str, Check] = {
    "code": lambda value: isinstance(value, int) and 400 <= value < 600,
    "description": text,
}
DISCOVERY: Mapping[str, Check] = {
    "changeset": moment,
    "contact": text,
    "key_service": text,
    "endpoints": array(
        {
            "specification": one_of("http://wiki.open311.org/GeoReport_v2"),
            "url": text,
            "changeset": moment,
            "type": one_of("production", "test"),
            "formats": lambda value: value == ["text/xml", "application/json"],
        }
    ),
}


def faults(document: Any, schema: Mapping[str, Check]) -> list[str]:
    """The fields that are missing, unknown, or not what the schema says."""
    if not isinstance(document, dict):
        return [f"no object: {document!r}"]
    differing = sorted(document.keys() ^ schema.keys())
    wrong = [name for name in schema.keys() & document.keys() if not schema[name](document[name])]
    return [*differing, *(f"{name}={document[name]!r}" for name in wrong)]
