"""Accounts: the companies the manufacturer knows, and the forms to write them down."""
