"""Our own drawings of where the tape goes, one for every measure: vectors in the theme's colours."""
