"""Bodies and answers as pydantic models; loading them loads pydantic."""
