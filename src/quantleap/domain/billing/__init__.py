"""What a subscriber is charged: a period's charge with its refunds, and the retries of a charge that failed."""
