"""Who may call on behalf of users: partners, their keys, permissions and rate limits."""
