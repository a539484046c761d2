"""The manufacturer's settings and tiers, and the import of its network's files."""
