"""Tiers, areas (quarters and groups) and the dated tree that they form."""
