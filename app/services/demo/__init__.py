"""The demo's world, made by the services a person would use. Only the demo imports this: it needs Faker.

May import services, queries, models and domain; tables directly only where no service writes them.
"""
