"""Tests of the exports' readers."""
