"""When people and partners are away: the page, and the two taps on the board. Imports no other feature."""
