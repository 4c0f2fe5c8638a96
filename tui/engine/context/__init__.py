"""The build context: what the engine gets to see of a folder."""
