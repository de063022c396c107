"""What makes the site: text that the program itself writes, and a look at the links. See docs/README.md."""
