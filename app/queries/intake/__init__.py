"""Reading the door: what arrived, the files brought in, the forms, and what the door itself must know.

May import models and domain. Every read takes the viewer, except those a prospect's page or the door itself asks.
"""
