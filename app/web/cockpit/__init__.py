"""The list of leads and the page of one, for both sides. Imports no other feature."""
