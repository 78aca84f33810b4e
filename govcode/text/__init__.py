"""From raw text to words and features; nothing here alters what the user gets back."""
