#!/usr/bin/env bash
# Makes the peers' environments, all or some: setup.sh FOLDER [NAME...]. What is there already, by version,
# stays.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
folder=${1:?usage: setup.sh FOLDER [NAME...]}
shift
wanted=" $* "
python=${PYTHON:-python3}
mkdir -p "$folder"
folder=$(cd "$folder" && pwd)

# environment NAME [PIP OPTION...]: anew unless made from the very same requirements.
environment() {
  local name=$1 requirements="$here/requirements-$1.txt"
  [[ $wanted == "  " || $wanted == *" $name "* ]] || return 0
  shift
  cmp --silent "$requirements" "$folder/$name/installed.txt" && return
  echo "installing the environment '$name'"
  rm -rf "${folder:?}/$name"
  "$python" -m venv "$folder/$name"
  "$folder/$name/bin/pip" install --quiet --disable-pip-version-check "$@" -r "$requirements"
  if declare -F "finish_$name" > /dev/null; then "finish_$name"; fi
  cp "$requirements" "$folder/$name/installed.txt"
}

# The wheel brings an old casadi inside, and looks for its templates where its source tree has them.
finish_acados() {
  local packages
  packages=$("$folder/acados/bin/python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
  rm -rf "$packages/casadi"
  "$folder/acados/bin/pip" install --quiet --disable-pip-version-check --force-reinstall --no-deps \
    "$(grep '^casadi==' "$here/requirements-acados.txt")"
  mkdir -p "$packages/acados/install/interfaces/acados_template"
  ln -sfn "$packages/acados/acados_template" \
    "$packages/acados/install/interfaces/acados_template/acados_template"
}

# It asks for an old gym that it does not need.
finish_torch() {
  "$folder/torch/bin/pip" install --quiet --disable-pip-version-check --no-deps mbrl==0.2.0
}

# These two lists are complete, so that pip need not resolve what packages ask for beyond what they use.
environment jax --no-deps --ignore-requires-python
environment acados --no-deps
environment crocoddyl
environment tinympc
environment onnxruntime
environment torch
