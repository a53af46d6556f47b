#!/usr/bin/env bash
# embed.sh SOURCE BUILD SANITIZE: installs BUILD, builds examples/embed-the-engine against it, and runs it.
set -euo pipefail
source=$1 build=$2 sanitize=$3
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cmake --install "$build" --prefix "$work/prefix" > "$work/install.log" || { cat "$work/install.log"; exit 1; }
flags=(); [ -z "$sanitize" ] || flags=(-D "CMAKE_CXX_FLAGS=-fsanitize=$sanitize")
cmake -S "$source/examples/embed-the-engine" -B "$work/build" -G Ninja -D CMAKE_PREFIX_PATH="$work/prefix" "${flags[@]}" > /dev/null
cmake --build "$work/build" > "$work/build.log" || { cat "$work/build.log"; exit 1; }
got=$("$work/build/embed_the_engine")
wanted='interruptive: ibuprofen together with warfarin: risk of bleeding'
[ "$got" = "$wanted" ] || { echo "got: $got"; echo "wanted: $wanted"; exit 1; }
echo "$got"
