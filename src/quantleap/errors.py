"""Every error a caller of quantleap may meet: the domain's refusals and what an adapter may raise.

Both trees are drawn at the top of `quantleap.domain.errors` and `quantleap.ports.errors`. Each error has a `code`, its
typed fields in `details()`, and says by `retryable` whether the same request may succeed when it is made again.
"""

from quantleap.domain.errors import *  # noqa: F403 - the whole tree, which a test compares
from quantleap.ports.errors import *  # noqa: F403 - the whole tree, which a test compares
