"""Pictures of the connect window and of the console, for the documentation."""
