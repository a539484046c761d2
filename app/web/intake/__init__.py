"""The manufacturer's side of the door: arrivals, quarantine, manual entry, imports, web forms, consent wording."""
