"""Files to rows and posts: one file a format or crawler."""
