#!/bin/bash
# A cluster of Slurm that is this machine alone, for the tests: munged, slurmctld and slurmd.
#
# Usage, as root: node.sh start FOLDER; export SLURM_CONF=FOLDER/slurm.conf; …; node.sh stop FOLDER
# Everything but munge's own key and socket lives in FOLDER; nothing of the system's set-up changes.
set -eu -o pipefail

action=${1:?start or stop}
folder=$(realpath -m "${2:?a folder}")
port=${SLURM_TEST_PORT:-16817}

stop() {
  for daemon in slurmd slurmctld munged; do
    file=$folder/$daemon.pid
    [[ -s $file ]] || continue
    pid=$(< "$file")
    kill "$pid" 2> /dev/null || true
    for _ in {1..50}; do
      kill -0 "$pid" 2> /dev/null || break
      sleep 0.1
    done
    kill -9 "$pid" 2> /dev/null || true
    rm -f "$file"
  done
}

configuration() {
  # No accounting, no control groups: neither is a container's to have.
  cat << END
ClusterName=replan
SlurmctldHost=$(hostname -s)(127.0.0.1)
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket=$folder/munge.socket
CredType=cred/munge
SlurmctldPort=$port
SlurmdPort=$((port + 1))
SlurmctldPidFile=$folder/slurmctld.pid
SlurmdPidFile=$folder/slurmd.pid
StateSaveLocation=$folder/state
SlurmdSpoolDir=$folder/spool
SlurmctldLogFile=$folder/slurmctld.log
SlurmdLogFile=$folder/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
MpiDefault=none
SwitchType=switch/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SchedulerParameters=sched_interval=1,bf_interval=1
KillWait=10
ReturnToService=2
NodeName=$(hostname -s) NodeAddr=127.0.0.1 CPUs=$(nproc) State=UNKNOWN
PartitionName=test Nodes=ALL Default=YES MaxTime=INFINITE State=UP
END
}

# Whoever waits for this script's descriptors to close must not wait for the daemons.
let_go() {
  local descriptor
  for descriptor in /proc/$$/fd/*; do
    descriptor=${descriptor##*/}
    if ((descriptor > 2 && descriptor < 250)); then eval "exec $descriptor>&-"; fi
  done
}

start() {
  let_go
  mkdir -p "$folder/state" "$folder/spool"
  chmod 755 "$folder"
  dd if=/dev/urandom of="$folder/munge.key" bs=128 count=1 status=none
  chmod 600 "$folder/munge.key"
  munged --force --key-file="$folder/munge.key" --socket="$folder/munge.socket" \
    --pid-file="$folder/munged.pid" --log-file="$folder/munged.log" \
    --seed-file="$folder/munged.seed"
  configuration > "$folder/slurm.conf"
  export SLURM_CONF=$folder/slurm.conf
  slurmctld -c
  slurmd
  for _ in {1..100}; do
    if sinfo --noheader --format=%T 2> /dev/null | grep -q idle; then return; fi
    sleep 0.2
  done
  echo "the node does not come up:" >&2
  tail -n 20 "$folder"/*.log >&2
  stop
  exit 1
}

case $action in
  start) start ;;
  stop) stop ;;
  *)
    echo "start or stop, not $action" >&2
    exit 64
    ;;
esac
