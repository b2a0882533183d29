"""Small apps to measure against: the same server with next to nothing on the page."""
