"""Overview: whether to worry, within ten seconds."""

from dashboard.components import db, frame

practice = db.practice()
frame.page_header("Overview", practice.name if practice else "")
