"""What lead routing looks at: the lead, the partnerships its place touches, and what happened between them before."""

from app.queries.lead_routing.facts import RoutingFacts, partnerships_near, routing_facts, routing_facts_of

__all__ = ["RoutingFacts", "partnerships_near", "routing_facts", "routing_facts_of"]
