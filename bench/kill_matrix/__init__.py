"""The kill matrix of `bench/faults.py`: a small network with promises, what breaks, who claims, and the count."""
