"""What files say of themselves: when, where and by whom they were made, in one vocabulary (docs/metadata.md)."""
