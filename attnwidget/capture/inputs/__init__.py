"""Make the inputs of a forward pass from what a user passed."""
