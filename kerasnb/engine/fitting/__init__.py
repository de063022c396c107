"""Training: data at the door, the objective, compiled steps and the loops over them."""
