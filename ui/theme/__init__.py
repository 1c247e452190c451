"""The look: roles over named colours, sizes from font metrics."""
