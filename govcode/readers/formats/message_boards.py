"""Message boards and mailboxes: a citizen's message and the official answer are one post."""

from govcode.readers.formats.base import TableFormat, columns_of

TEDDY_CUP = TableFormat(
    "message-board",
    "a table of a message board (留言与答复)",
    columns_of("留言编号 留言主题 留言时间 留言详情"),
    {
        "post_id": "留言编号", "published_at": "留言时间", "title": "留言主题", "text": "留言详情",
        "reply": "答复意见",
    },
    platform="web",
)  # fmt: skip
MAILBOX = TableFormat(
    "mailbox-list",
    "a list of letters to a mayor's mailbox (titles only)",
    columns_of("classification time title send_name receive_name answer_name state"),
    {"account": "answer_name", "published_at": "time", "title": "title"},
    platform="web",
)
CLASSES = TableFormat(
    "class-list",
    "a list of classes",
    columns_of("一级分类 二级分类 三级分类"),
    refuse="is a list of classes and holds no posts.",
)
