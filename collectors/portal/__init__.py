"""The patient portal's logs: read once, in a process of its own, and kept nowhere."""
