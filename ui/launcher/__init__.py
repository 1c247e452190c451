"""The small process: it shows the unlock window, derives the key, and starts the worker that holds it.

It imports three Qt modules and little else, so that something is on the screen at once.
"""
