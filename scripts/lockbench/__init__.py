"""Charts and reports of a lockbench run directory.

Reads CSV and JSON, draws and formats. Every statistic comes from the files: nothing here computes a
median over processes or an interval, so a chart cannot disagree with `summary.csv`. Only the
histograms of windows are merged here, by the rules of the program (`histograms.py`).
"""
