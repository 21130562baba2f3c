#!/usr/bin/env bash
# milvus_render.sh DIR: does a real Milvus run on what `certctl render milvus compose` lays out, and do the
# programs that `certctl render pymilvus` prints, as they are, reach it?
#
# DIR is what `certctl gen` made for localhost; $CERTCTL is the program. One line `ok …` or `FAIL …` a
# check; exit 1 if any failed.
set -euo pipefail

[ $# -eq 1 ] || { echo "usage: milvus_render.sh DIR" >&2; exit 2; }
dir=$1
# shellcheck source=tests/peers/milvus_server.sh
. "$(dirname "$0")/milvus_server.sh"

certctl() { "$CERTCTL" -d "$dir" "$@"; }

# settings: milvus.yaml is what was rendered with $flags, octet by octet, and the pair is where the folder
# that was laid out has it; so that no setting and no file is there but those.
settings() {
  rm -rf "$work/laid"
  certctl render milvus compose "${flags[@]}" --http-port "$rest" \
    --mount "$work/laid/tls" --out-dir "$work/laid" > /dev/null
  cp "$work/laid/milvus.yaml" "$work/conf/milvus.yaml"
}

# snippet FLAG…: the rendered program, as it is.
snippet() {
  certctl render pymilvus --port "$grpc" "$@" > "$work/connect.py"
  timeout 90 "$python" "$work/connect.py" > "$work/out" 2>&1 && [ "$(cat "$work/out")" = "[]" ]
}

# folder FLAG…: the same, laid out with its files and run there.
folder() {
  certctl render pymilvus --port "$grpc" --out-dir "$work/app" "$@" > /dev/null
  (cd "$work/app" && timeout 90 "$python" connect.py) > "$work/out" 2>&1 && [ "$(cat "$work/out")" = "[]" ]
}

rest() {
  timeout 90 curl -sS -m 5 --noproxy '*' --fail --cacert "$dir/ca.pem" "$@" \
    "https://localhost:$rest/v1/vector/collections" > "$work/out" 2>&1
}

# This Milvus is older than internal TLS (2.5), and starts with its settings all the same.
flags=(--internal --auth --super-user root --super-user foo)
started "mode 1, users: Milvus starts on the settings" settings || exit 1
export MILVUS_TOKEN=root:Milvus
accepted "mode 1, users: the snippet in its folder lists collections" folder --auth --host 127.0.0.1
MILVUS_TOKEN=root:Wrong refused "mode 1, users: with a wrong password it is refused" 1 \
  "fail to verify password" snippet --auth
accepted "mode 1, users: REST on its own port" rest -H "Authorization: Bearer $MILVUS_TOKEN"

# The last line of the rendered program is where one's own begins.
cat > "$work/users.py" << 'PY'
"""foo is a super user and bar is none: who resets a password without knowing the old one?"""
import os
import runpy
import sys

from pymilvus import MilvusException


def connect(token):
    os.environ["MILVUS_TOKEN"] = token
    return runpy.run_path(sys.argv[1])["client"]


root = connect("root:Milvus")
for user in "foo", "bar":
    root.create_user(user, "First-1")
connect("foo:First-1").update_password("foo", "forgotten", "Second-2")
connect("foo:Second-2")
try:
    connect("bar:First-1").update_password("bar", "forgotten", "Second-2")
except MilvusException as error:
    assert "old password" in str(error), error
else:
    sys.exit("bar reset its password without the old one")
PY
users() {
  certctl render pymilvus --port "$grpc" --auth > "$work/connect.py"
  timeout 90 "$python" "$work/users.py" "$work/connect.py" > "$work/out" 2>&1
}
accepted "mode 1, users: a super user resets a password without the old one, nobody else" users

# ---- two-way, by the recipe of the README -------------------------------------------------------

readme=$(dirname "$0")/../../README.md
recipe=$work/recipe
mkdir "$work/bin"
printf '#!/bin/sh\nexec "%s" "$@"\n' "$CERTCTL" > "$work/bin/certctl"
printf '#!/bin/sh\nexec "%s" "$@"\n' "$python" > "$work/bin/python"
chmod +x "$work/bin/certctl" "$work/bin/python"

# commands EXPRESSION: what sed leaves of the recipe, run with ports that are free.
commands() {
  sed -n '/^<!-- milvus: the first connection -->/,/^```$/p' "$readme" | sed -e '/^<!--/d' -e '/^```/d' -e "$1" \
    -e "s/ render milvus compose / render milvus compose --http-port $rest /" \
    -e "s/ render pymilvus / render pymilvus --port $grpc /" > "$work/commands"
  [ -s "$work/commands" ] || { echo "no recipe in README.md" >&2; return 1; }
  (cd "$recipe" && PATH=$work/bin:$PATH timeout 90 bash -eu "$work/commands")
}

# by_recipe: until Docker, whose part is to show Milvus the folder under the name that is in the settings.
by_recipe() {
  rm -rf "$recipe"
  mkdir "$recipe"
  commands "/^docker /,\$d" > /dev/null 2>&1
  sed "s|\"/milvus/tls/|\"$recipe/milvus/tls/|" "$recipe/milvus/milvus.yaml" > "$work/conf/milvus.yaml"
}

connected() { commands '1,/^docker /d' > "$work/out" 2>&1 && [ "$(cat "$work/out")" = "[]" ]; }

started "mode 2: Milvus starts by the README's recipe" by_recipe || exit 1
accepted "mode 2: the README's recipe lists collections" connected
dir=$recipe
refused "mode 2: the snippet without a pair is refused" 1 "tls: client didn't provide a certificate" \
  snippet --host localhost
accepted "mode 2: REST" rest --cert "$dir/client.pem" --key "$dir/client.key"

[ "$failures" -eq 0 ] || exit 1
