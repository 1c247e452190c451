"""Answers read back on the screen: blocks of a form's pages, each answer with its accounts."""
