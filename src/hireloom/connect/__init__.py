"""The connect window: where a customer of the user connects an ATS."""
