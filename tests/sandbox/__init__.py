"""The sandbox, driven by the real SDKs over HTTP."""
