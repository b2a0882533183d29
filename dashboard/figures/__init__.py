"""Tidy frame -> Figure, pure: the charts of posts, ads and campaigns."""
