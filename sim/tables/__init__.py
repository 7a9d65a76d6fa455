"""Tables as files: text that other programs read as it was meant."""
