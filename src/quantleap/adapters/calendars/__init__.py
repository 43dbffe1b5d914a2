"""Calendars and contract facts of an exchange."""
