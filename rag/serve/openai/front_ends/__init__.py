"""What chat front ends put around their users' words, told by its structure, whatever its wording."""
