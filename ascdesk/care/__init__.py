"""What the law and the council say: frozen values and pure rules; no storage, no input or output."""
