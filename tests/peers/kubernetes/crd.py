#!/usr/bin/env python3
"""Says whether objects of one kind hold against the schema of their CustomResourceDefinition.

    crd.py tests/fixtures/crds/certificate.json MANIFEST

MANIFEST is YAML or JSON with one object or many; those of other kinds are passed over, and there has
to be one of the schema's. Unknown fields and repeated keys are errors. Prints one line for each
object; exit 1 if any does not hold. Needs PyYAML and jsonschema.
"""

import json
import sys

import jsonschema
import yaml


class Loader(yaml.SafeLoader):
    """Takes a key once."""

    def construct_mapping(self, node, deep=False):
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        for key in keys:
            if not isinstance(key, str) or keys.count(key) > 1:
                raise yaml.constructor.ConstructorError(
                    None, None, "the key %r is repeated, or no text" % (key,), node.start_mark)
        return super().construct_mapping(node, deep)


def objects(documents):
    for document in documents:
        if isinstance(document, dict) and document.get("kind") == "List":
            yield from objects(document["items"])
        elif document is not None:
            yield document


def main(schema_file, manifest):
    with open(schema_file, encoding="utf-8") as file:
        schema = json.load(file)
    kind = schema["properties"]["kind"]["const"]
    validator = jsonschema.Draft202012Validator(schema)
    with open(manifest, encoding="utf-8") as file:
        # JSON is YAML, too.
        found = list(objects(yaml.load_all(file, Loader=Loader)))
    judged = [one for one in found if one["kind"] == kind]
    if not judged:
        print("no %s in %s" % (kind, manifest))
        return 1
    failures = 0
    for one in judged:
        errors = sorted(validator.iter_errors(one), key=str)
        failures += len(errors)
        said = ["%s: %s" % (".".join(map(str, error.absolute_path)), error.message) for error in errors]
        print("%s %s: %s" % (kind, one["metadata"]["name"], "; ".join(said) or "holds"))
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
