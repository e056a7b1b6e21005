"""Criteria sets, registrations with targets beside known limitations, clusters."""
