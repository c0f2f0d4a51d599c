"""`python -m quotex`."""

import sys

from quotex._cli import main

if __name__ == "__main__":
    sys.exit(main())
