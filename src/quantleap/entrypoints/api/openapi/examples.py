"""Examples of bodies and answers, by the name of the route. Tests hold them against the schemas."""

from collections.abc import Mapping
from typing import Any

EXAMPLES: Mapping[str, Mapping[str, Any]] = {
    "partnerSubscribe": {
        "body": {
            "user_email": "asha@example.com",
            "basket_id": "basket_admin_8f3e2a1b",
            "broker_account_id": "ZB1001",
            "custom_lot_multiplier": 1.5,
            "metadata": {"campaign": "diwali"},
        },
    },
}
