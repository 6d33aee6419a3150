"""The connect window, in a real browser."""
