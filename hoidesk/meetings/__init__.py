"""Meetings, field visits and direct-democracy events, what was agreed in them, and petitions."""
