"""How fast kerasnb is beside what people use now; `make bench` runs all of it."""
