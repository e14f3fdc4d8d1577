"""`python3 -m lockbench report DIR`."""

import sys

from lockbench.cli import main

sys.exit(main(sys.argv[1:]))
