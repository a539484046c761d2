"""Whether this installation is alive and ready, for supervisors and load balancers."""
