"""The review queue: questions about leads, answered by keyboard; leads linked by pattern. Imports no other feature."""
