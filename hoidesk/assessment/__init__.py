"""Rounds, score layers, evidence, classification and approval."""
