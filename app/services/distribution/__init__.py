"""Giving a lead to somebody: the rounds of its plan, and the assignment that ends them.

The modules' functions that take a `session` are steps of one transaction; whoever calls them holds the lead's row lock.
"""
