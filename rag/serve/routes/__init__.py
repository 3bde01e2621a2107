"""HTTP routes of this project's own API."""
