"""Log-in and log-out, invitations, password resets, "My account", and the people of an organisation."""
