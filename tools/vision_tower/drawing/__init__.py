"""All that decides what is drawn and what is said of it. `families` lists the families; a package is one."""
