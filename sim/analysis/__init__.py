"""Frames to frames: nothing here knows how a frame was made."""
