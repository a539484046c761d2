"""What slips through, and moving leads by hand, several at once."""
