"""Zendesk's OpenAPI document, read in place, and whether answers and webhooks are as it says."""

import re

import yaml


class Contract:
    """The document at a path."""

    def __init__(self, path):
        with open(path, encoding="utf-8") as file:
            self.document = yaml.safe_load(file)
        self.schemas = self.document["components"]["schemas"]
        self.operations = []
        for template, methods in self.document["paths"].items():
            for method, operation in methods.items():
                if "operationId" in operation:
                    pattern = re.compile("^" + re.sub(r"\{[^}]*\}", "[^/]+", template) + "$")
                    # Those with fewer names in braces are looked at first: `/attachments/remove` is no id.
                    self.operations.append((template.count("{"), pattern, method.upper(), operation))
        self.operations.sort(key=lambda one: one[0])

    def operation(self, method, path):
        """The operation of a request, or None."""
        for _, pattern, known, operation in self.operations:
            if known == method and pattern.match(path):
                return operation
        return None

    def answer(self, method, path, status, body):
        """What is wrong with an answer: a list of texts."""
        operation = self.operation(method, path)
        if operation is None:
            return [f"{method} {path} is no operation of the document"]
        described = operation["responses"].get(str(status))
        if described is None:
            # The document lists few errors; all of them have one form.
            schema = {"$ref": "#/components/schemas/errorResponse"} if status >= 400 else None
        else:
            described = self.resolve(described)
            schema = described.get("content", {}).get("application/json", {}).get("schema")
        if schema is None:
            return [f"{operation['operationId']}: {status} is no status of the document"]
        return [f"{operation['operationId']} {status}: {why}" for why in self.check(schema, body, "body")]

    def event(self, event):
        """What is wrong with an event of a webhook: a list of texts."""
        words = re.split("[:]", event["type"])
        name = words[0] + "".join(word[0].upper() + word[1:] for word in words[1:])
        for known in (name + "Event", name):
            if known in self.schemas:
                return [f"{event['type']}: {why}" for why in self.check(self.schemas[known], event, "event")]
        return [f"{event['type']} is no event of the document"]

    def resolve(self, schema):
        while "$ref" in schema:
            found = self.document
            for part in schema["$ref"].split("/")[1:]:
                found = found[part]
            schema = found
        return schema

    def check(self, schema, value, at):
        """What is wrong with a value: a list of texts."""
        schema = self.resolve(schema)
        if value is None:
            return [] if schema.get("nullable") else [f"{at} is null"]
        wrong = []
        for part in schema.get("allOf", []):
            wrong += self.check(part, value, at)
        mapping = schema.get("discriminator", {}).get("mapping", {})
        kind = value.get(schema["discriminator"]["propertyName"]) if isinstance(value, dict) and mapping else None
        if "oneOf" in schema or "anyOf" in schema:
            choices = schema.get("oneOf") or schema.get("anyOf")
            if kind in mapping:
                wrong += self.check({"$ref": mapping[kind]}, value, at)
            elif mapping:
                wrong.append(f"{at} is of the unknown type {kind}")
            else:
                named = self.named(choices, value)
                tried = [self.check(choice, value, at) for choice in named or choices]
                if all(tried):
                    wrong += min(tried, key=len)
        return wrong + self.plain(schema, value, at)

    def named(self, choices, value):
        """The choice whose name is the value's type, where a discriminator has no mapping."""
        kind = value.get("type") if isinstance(value, dict) else None
        return [c for c in choices if kind and c.get("$ref", "").split("/")[-1] in (kind, f"{kind}Message")]

    def plain(self, schema, value, at):
        wrong = []
        types = {"string": str, "boolean": bool, "object": dict, "array": list}
        kind = schema.get("type")
        if kind in types and not isinstance(value, types[kind]):
            return [f"{at} is no {kind}: {value!r}"]
        if kind in ("integer", "number") and (isinstance(value, bool) or not isinstance(value, (int, float))):
            return [f"{at} is no {kind}: {value!r}"]
        if "enum" in schema and value not in schema["enum"]:
            wrong.append(f"{at} is none of {schema['enum']}: {value!r}")
        if isinstance(value, str):
            if len(value) > schema.get("maxLength", len(value)) or len(value) < schema.get("minLength", 0):
                wrong.append(f"{at} has {len(value)} characters")
            if "pattern" in schema and not re.search(schema["pattern"], value):
                wrong.append(f"{at} does not match {schema['pattern']}: {value!r}")
        if isinstance(value, list):
            if len(value) > schema.get("maxItems", len(value)) or len(value) < schema.get("minItems", 0):
                wrong.append(f"{at} has {len(value)} items")
            for number, item in enumerate(value):
                wrong += self.check(schema.get("items", {}), item, f"{at}[{number}]")
        if isinstance(value, dict):
            properties = schema.get("properties", {})
            for name in schema.get("required", []):
                # What can only be written is not in an answer, though the document requires it.
                if name not in value and not self.resolve(properties.get(name, {})).get("writeOnly"):
                    wrong.append(f"{at} has no {name}")
            for name, property in properties.items():
                if name in value:
                    wrong += self.check(property, value[name], f"{at}.{name}")
        return wrong
