"""What happened in each second of a session, which events stood out, and how often: pure functions of arrays and frames."""
