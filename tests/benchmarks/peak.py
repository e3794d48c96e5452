"""Run convanim with the words given and print the most memory that it held, in MiB.

What a parent measures of a child holds the parent's own size too; a process knows its own.
"""

import sys
from pathlib import Path

from convanim.cli import main

try:
    main()
finally:
    status = Path("/proc/self/status").read_text(encoding="ascii")
    peak = next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM"))
    sys.stdout.write(f"{int(peak) / 1024:.1f}\n")
