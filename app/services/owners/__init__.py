"""What people and partnerships own, and how it passes on when they leave: nobody goes while something is theirs."""
