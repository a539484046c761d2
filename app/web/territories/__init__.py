"""Territories: who covers what in a country, and one partner's lines."""
