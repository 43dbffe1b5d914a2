"""What a partner earns: its agreement, the split of a charge, the ledger, reversals and monthly statements."""
