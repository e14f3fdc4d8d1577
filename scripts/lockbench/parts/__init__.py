"""Pieces that charts are made of."""
