"""Room card to be written by whoever opens this room."""
