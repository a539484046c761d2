"""The audit trail: what happened, readable, with filters. Imports no other feature."""
