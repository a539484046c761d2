"""Version 1 of the API: the board, offers and leads as JSON, by a person's key.

It calls the same queries and services as the pages, so the same rules blind, refuse and count.
"""
