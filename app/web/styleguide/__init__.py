"""Every component in every state, with made-up content; reads nothing. Imports no other feature."""
