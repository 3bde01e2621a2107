"""What came over HTTP beside the store: files under safe names, and what people call a knowledge base."""

from rag.uploads.files import LEFT_AFTER_S, MEMBER, Stored, Uploads
from rag.uploads.names import BadUpload, checked_name, is_hidden, safe_name

__all__ = ["LEFT_AFTER_S", "MEMBER", "BadUpload", "Stored", "Uploads", "checked_name", "is_hidden", "safe_name"]
