"""Packages by stick: the board of units, sending, receiving, enrolment, values edited in two places."""
