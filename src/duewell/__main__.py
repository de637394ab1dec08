"""`python -m duewell` is the program."""

import sys

from duewell.cli import main

sys.exit(main())
