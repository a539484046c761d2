"""The distribution plan: read, tried and changed."""
