"""Light, dark or as the device: a choice kept in a cookie. May import the domain's errors; imports no other feature."""
