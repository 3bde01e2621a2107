"""Zip and tar as folders."""
