"""Whose lead it is already: the levels of domain.md §5, what they look at, and what they decide.

Pure like all of `domain`; `levels.decide_account_route` is the one way in.
"""
