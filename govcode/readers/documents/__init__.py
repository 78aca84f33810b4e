"""Documents as tables of posts: saved pages, feeds, Markdown and text files."""

from govcode.registry import Registry

DOCUMENT_READERS = Registry(
    "form of document",
    {
        "html": "govcode.readers.documents.page:read",
        "feed": "govcode.readers.documents.feed:read",
        "md": "govcode.readers.documents.markdown:read",
        "txt": "govcode.readers.documents.plain:read",
    },
)
