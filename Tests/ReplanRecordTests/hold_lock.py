"""Holds a workspace's lock: prints its process id, then waits until its input ends."""
import fcntl
import os
import sys

with open(sys.argv[1], "w") as file:
    fcntl.flock(file, fcntl.LOCK_EX)
    file.write("%d\n" % os.getpid())
    file.flush()
    print(os.getpid(), flush=True)
    sys.stdin.read()
