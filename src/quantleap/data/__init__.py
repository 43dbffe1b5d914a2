"""Dated facts of the exchange, each row with its source, and a sample catalog. See `quantleap.adapters.calendars`."""
