"""Reads of a manufacturer's network: its products, partners, territories, accounts and settings.

May import models and domain. Each takes the viewer, who must sit on the manufacturer's side; never writes.
"""
