"""`python -m milepost` is the same as `milepost`."""

import sys

from milepost.config.main import main

sys.exit(main())
