"""What the front end and the lasting picture show, and what the browser may ask."""
