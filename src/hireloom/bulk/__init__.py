"""Many scores from a file into an account, by way of a running server."""
