"""Frames to axes, one file a question: nothing here knows the model."""
