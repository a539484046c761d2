"""What silence leads to: somebody is told, and in the end somebody else is asked."""
