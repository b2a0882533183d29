"""A loopback server that speaks the parts of X v2 and Graph v26.0 that the adapters use.

It serves either a made practice with planted truth (`practice`, `truth`) or posts from a file
(`served`), so that the real SDKs can be run, broken and measured without any network.
Start it with `collectors.sandbox.server`; this package imports nothing by itself.
"""
