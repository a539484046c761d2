"""Which account a lead's company is: names read, scored against each other, and the decision with its reasons."""
