"""What screens are made of; each knows how to show one thing and asks nothing of an engine."""
