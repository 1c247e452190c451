"""Forms on the screen: sections and pages, one editor a question, every pause saved."""
