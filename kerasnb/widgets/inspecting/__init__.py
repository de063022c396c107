"""What the Inspector sends to the browser: small dictionaries with pixels as bytes."""
