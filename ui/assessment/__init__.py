"""Assessment: rounds, the units of a round, the score sheet of one unit, its class and approval."""
