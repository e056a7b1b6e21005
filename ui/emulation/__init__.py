"""Emulation: registrations with targets beside limitations, criteria sets, clusters."""
