"""What a runtime must do, which one computes, and what it is doing."""
