"""Faults that are planted into a copy of the store's document: what a check does not see there, it would not see elsewhere."""

import yaml


def status_left_out(document):
    document["paths"]["/v1/kv/{key}"]["get"]["responses"].pop("404")


def field_renamed(document):
    answer = document["components"]["schemas"]["Written"]
    answer["required"] = ["key", "version", "shard"]
    answer["properties"]["version"] = answer["properties"].pop("revision")


def field_left_out(document):
    answer = document["components"]["schemas"]["RangeDeleted"]
    answer["required"].remove("atomic")
    answer["properties"].pop("atomic")


def bounds_that_are_others(document):
    limit = parameter(document["paths"]["/v1/kv"]["get"], "limit")["schema"]
    limit["minimum"] = 5
    limit["maximum"] = 20_000


def parameter(call, name):
    return next(parameter for parameter in call["parameters"] if parameter.get("name") == name)


# Each with the call at which it must be found, and as what; nothing else may be.
PLANTED = [
    (status_left_out, "get", "UndefinedStatusCode"),
    (field_renamed, "put", "JsonSchemaError"),
    (field_left_out, "deleteRange", "JsonSchemaError"),
    (bounds_that_are_others, "scan", "RejectedPositiveData", "AcceptedNegativeData"),
]
CALLS = [call for _, call, *_ in PLANTED]
FOUND = {f"{call} {failure}" for _, call, *failures in PLANTED for failure in failures}


def document(text):
    planted = yaml.safe_load(text)
    for plant, *_ in PLANTED:
        plant(planted)
    return yaml.safe_dump(planted, sort_keys=False)
