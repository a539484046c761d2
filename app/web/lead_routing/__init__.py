"""Why a lead went where it went, for its manufacturer."""
