"""Messages: of mail programs, of Outlook, and pages that browsers save as messages."""
