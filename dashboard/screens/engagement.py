"""Engagement: what the posts did, day by day."""

from dashboard.components import db, frame

practice = db.practice()
frame.page_header("Engagement", practice.name if practice else "")
