"""Organisations and their branches: register, office-holders, membership figures, Party organisation status."""
