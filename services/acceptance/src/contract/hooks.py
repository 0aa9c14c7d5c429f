"""What the documents cannot say to schemathesis: limits for calls that last, rules beyond a schema, and what is counted."""

import atexit
import collections
import json
import os
import re

import schemathesis

DURATION = re.compile(r"[0-9]{1,12}(ms|s|m|h)")
STORE = re.compile(r"[A-Za-z0-9_-]{1,63}")

# Requests that a schema permits and the contract does not: rules between parameters, and lengths in bytes. What is refused
# for another reason is a failure: the document promises too much.
BEYOND_SCHEMAS = [
    ("get|head", r"'max_staleness' needs consistency=stale"),
    ("get|head|put|transaction|batch|lock", r"it must be from [0-9]+\w* to [0-9]+\w*"),
    ("get|head|put|delete|lock|unlock|transaction|batch", r"not valid Unicode|percent|UTF-8"),
    ("put", r"If-Match and If-None-Match exclude each other"),
    # schemathesis writes values of its own into headers, whatever their pattern.
    ("get|head|put|delete", r"If-(None-)?Match (of a write )?(must be a revision|can only be)"),
    ("put|delete|transaction|batch", r"Ashlar-Fencing must be"),
    ("put|delete|transaction|batch|deleteRange", r"Idempotency-Key (must have 1 to 128 bytes|was used for another)"),
    # To a JSON schema 1.0 is an integer.
    ("transaction|batch", r"must be a whole number"),
    ("deleteRange", r"give a prefix to delete"),
    ("scan|watch|deleteRange", r"must be valid UTF-8 of at most 1024 bytes"),
    ("scan", r"the cursor (is not|belongs|is too long)"),
    ("watch", r"cursor|'key' and 'prefix' exclude"),
    ("lock|unlock", r"owner must have 1 to 256 bytes|leads out of /v1/locks/"),
]
EXCUSES = {rule for _, rule in BEYOND_SCHEMAS}

counts = {"answers": collections.Counter(), "excused": collections.Counter(), "failures": collections.Counter()}


@schemathesis.hook
def before_load_schema(context, raw_schema):
    """Closes what is answered: a field that the document does not have is a failure. Clients are to bear new ones."""
    schemas = raw_schema["components"]["schemas"]
    answers = [raw_schema["components"]["responses"]]
    for path in raw_schema["paths"].values():
        answers += [call["responses"] for call in path.values() if isinstance(call, dict) and "responses" in call]
    seen, todo = set(), set(re.findall(r"#/components/schemas/(\w+)", json.dumps(answers)))
    while todo:
        name = todo.pop()
        seen.add(name)
        todo |= set(re.findall(r"#/components/schemas/(\w+)", json.dumps(schemas[name]))) - seen
        if "properties" in schemas[name]:
            schemas[name].setdefault("additionalProperties", False)


@schemathesis.hook
def before_call(context, case, kwargs):
    """Calls that last are cut short, and orders go to the store that contract.py names. What is not valid stays so."""
    # A wait may be two minutes.
    for part in (case.query, case.body):
        if isinstance(part, dict) and isinstance(part.get("wait"), str) and DURATION.fullmatch(part["wait"]):
            part["wait"] = "50ms"
    # A stream of events is silent until the next one: here it begins with the first there was.
    if case.operation.path == "/v1/events/stream":
        query, headers = case.query or {}, case.headers or {}
        given = [str(part[name]) for part, name in ((query, "after"), (headers, "Last-Event-ID")) if name in part]
        if all(re.fullmatch(r"[0-9]{1,19}", text) and int(text) < 1 << 63 for text in given):
            case.query = {**query, "after": "0"}
            if "Last-Event-ID" in headers:
                headers["Last-Event-ID"] = "0"
    store = os.environ.get("CONTRACT_ORDERS_TO")
    if store:
        for part, field in ((case.path_parameters, "name"), (case.body, "to")):
            if isinstance(part, dict) and isinstance(part.get(field), str) and STORE.fullmatch(part[field]):
                part[field] = store


@schemathesis.hook
def after_call(context, case, response):
    counts["answers"][f"{case.operation.method.upper()} {case.operation.path} {response.status_code}"] += 1


def refused_unread(response):
    """An address of more than 16 KiB has an answer without a body, as the documents say."""
    return response.status_code == 414 and not response.content and len(response.request.url) > 16 << 10


@schemathesis.check
def refusals_say_when(ctx, response, case):
    """503 and 429 promise that nothing was changed and say when to come back; 504 that the outcome is unknown."""
    status = response.status_code
    if status in (429, 503):
        assert int(response.headers["retry-after"][0]) >= 1, "no Retry-After"
    if status >= 400 and case.method.upper() != "HEAD" and not refused_unread(response):
        problem = response.json()
        assert problem["status"] == status, problem
        if status == 504:
            assert problem["code"] == "timeout" and "unknown" in problem["detail"], problem


@schemathesis.hook
def filter_failure(context, failure, case, response):
    kind = type(failure).__name__
    operation = (case.operation.definition.raw or {}).get("operationId", "")
    excuse = excuse_of(kind, operation, case, response)
    if excuse:
        counts["excused"][excuse] += 1
    else:
        counts["failures"][f"{operation} {kind}"] += 1
    return not excuse


def excuse_of(kind, operation, case, response):
    """Why a finding is none; empty for one that is."""
    if refused_unread(response):
        return "refused unread"
    # A value is answered with the Content-Type that it was written with, media type or not.
    if operation == "get" and response.status_code == 200 and kind in ("MalformedMediaType", "ContentDeserializationError"):
        return "the Content-Type of a value"
    # What was not valid has no form in an address: an empty list of values, or what before_call has put in its place.
    if operation == "eventStream" and kind == "AcceptedNegativeData" and response.request.url.endswith("/stream?after=0"):
        return "no form in an address"
    if kind != "RejectedPositiveData":
        return ""
    detail = response.json().get("detail", "") if response.content else ""
    for calls, rule in BEYOND_SCHEMAS:
        if operation in calls.split("|") and (re.search(rule, detail) or case.method.upper() == "HEAD"):
            return rule
    return ""


@atexit.register
def write_counts():
    if "CONTRACT_COUNTS" in os.environ:
        with open(os.environ["CONTRACT_COUNTS"], "w") as out:
            json.dump(counts, out)
