"""Result objects as pages for readers."""
