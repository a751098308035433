"""Settings of hypothesis for every test.

No deadline, because a shared machine is slow now and then; and always the same examples, so that a
change is never blamed for what chance found. `make laws` looks further.
"""

from __future__ import annotations

import os

from hypothesis import settings

settings.register_profile("same", deadline=None, derandomize=True, max_examples=50)
settings.register_profile("laws", deadline=None, max_examples=1000)
settings.load_profile("laws" if os.environ.get("MNEMIC_LAWS") else "same")
