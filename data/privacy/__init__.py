"""Private statistics: what is released, at what cost, and never twice."""
