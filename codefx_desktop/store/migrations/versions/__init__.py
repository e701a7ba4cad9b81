"""One module per step of the schema, oldest first; a released step is never changed."""
