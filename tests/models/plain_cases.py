"""A post of each code of `functions` that every shipped model has to get right."""

from __future__ import annotations

from govcode.records import Post

PLAIN_CASES = {
    "information": Post("1", title="市政府召开常务会议", text="市长主持召开常务会议，听取防汛准备情况汇报。会议强调，要压实责任。"),
    "service": Post("2", title="明天最低2度，早晚出门请添衣", text="受冷空气影响，明天阴有小雨，气温2到6度，请提前出门，注意添衣保暖。"),
    "appeal": Post("3", text="小区门口的路灯坏了半个月，什么时候能修好？", reply="网友您好，您反映的问题已收悉，路灯已于昨日修复，感谢您的监督。"),
    "agenda": Post("4", title="十年蝶变，绘就江城新画卷", text="让我们携手奋进新征程，共同书写高质量发展的时代答卷！"),
    "other": Post("5", title="早安，江城", text="愿你眼里有光，心中有爱，早安！"),
}  # fmt: skip
