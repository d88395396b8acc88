#!/usr/bin/env bash
# Makes the environment of the identification peers: setup.sh FOLDER. What is there by version stays.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
folder=${1:?usage: setup.sh FOLDER}
cmp --silent "$here/requirements.txt" "$folder/env/installed.txt" && exit
mkdir -p "$folder"
rm -rf "${folder:?}/env"
"${PYTHON:-python3}" -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check -r "$here/requirements.txt"
cp "$here/requirements.txt" "$folder/env/installed.txt"
