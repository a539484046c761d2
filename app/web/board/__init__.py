"""The board: open offers of all the partner's manufacturers, its filters, saved views and news."""
