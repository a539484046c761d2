"""How partners answer: a partner's own score, each partner as the manufacturer sees it, the slow ones, reviews."""
