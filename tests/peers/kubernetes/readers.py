#!/usr/bin/env python3
"""Says whether readers of YAML 1.1 and 1.2 find in a manifest what its JSON form says, and whether the
API server would take it.

    readers.py NAME…

NAME.yaml and NAME.json are the same manifest. Readers are PyYAML (1.1) and ruamel.yaml (1.2); objects
of Kubernetes itself are held against the schemas of several versions, strictly. Prints one line for
each; exit 1 if any does not hold.
"""

import json
import sys

import kubernetes_validate
import ruamel.yaml
import yaml

VERSIONS = ("1.25", "1.29", "1.32", "1.37")


def judge(name):
    with open(name + ".json", encoding="utf-8") as file:
        said = json.load(file)
    objects = said["items"] if said["kind"] == "List" else [said]
    with open(name + ".yaml", encoding="utf-8") as file:
        text = file.read()
    newer = ruamel.yaml.YAML(typ="safe", pure=True)
    newer.version = (1, 2)
    for reader, read in (("PyYAML", yaml.safe_load_all(text)), ("ruamel.yaml", newer.load_all(text))):
        if list(read) != objects:
            return "%s reads something else" % reader
    if any(line != line.rstrip() for line in text.split("\n")) or not text.endswith("\n"):
        return "white space at the end of a line, or none at the end of the text"
    for one in objects:
        for version in VERSIONS if "." not in one["apiVersion"] else ():
            try:
                kubernetes_validate.validate(one, version, strict=True)
            except kubernetes_validate.ValidationError as error:
                return "%s: %s" % (version, error.message)
    return None


def main(names):
    failures = 0
    for name in names:
        reason = judge(name)
        failures += reason is not None
        print("%s: %s" % (name, reason or "holds"))
    return 1 if failures or not names else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
