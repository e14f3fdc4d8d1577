"""Pieces that charts are put together from."""
