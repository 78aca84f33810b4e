"""What each figure cannot say: printed beside the figure, in both languages."""

from __future__ import annotations

from collections.abc import Mapping

from govcode.codebook.model import Text

LIMITS: Mapping[str, Text] = {
    "shares": {
        "zh": "机器计数未校正误差时只是编码结果的占比;区间只含抽样误差,不含编码误差。有金标准时请看校正后的占比。",
        "en": "Uncorrected shares count what the coder coded; their intervals hold sampling error, not coding "
        "error. Where gold exists, read the corrected shares.",
    },
    "deficit": {
        "zh": "缺失指数是本工具自定的,只能连同基准一起读;没有观察到只给出上限,不等于没有。",
        "en": "The deficit index is ours and means nothing without its benchmark; none seen gives an upper bound, "
        "not an absence.",
    },
    "diversity": {
        "zh": "多样性说明各功能分布得多均匀,不说明哪种分布更好;小样本已作偏差校正。",
        "en": "Diversity tells how evenly the codes are used, not which mix is better; bias of small samples is "
        "corrected.",
    },
    "regularity": {
        "zh": "两周规则按检查口径(检查日前 14 天内有无更新);抓取遗漏的日子会被误认为停更,请用 --not-crawled 说明。",
        "en": "The two-week rule is that of the inspections (a post in the 14 days up to the check date); days that "
        "the crawl missed look like silence unless named with --not-crawled.",
    },
    "replies": {
        "zh": "只看数据中可见的留言:经账号筛选后公开的留言会使回复率偏高;回复不等于解决。",
        "en": "Only visible messages count: comments that the account chose to show make the rate too high; a reply "
        "is not a solution.",
    },
    "synergy": {
        "zh": "这是可见的内容协同:转用同一文本或相互点名,不等于工作上的协同;一家领发、他家照转也可能只是广播。",
        "en": "This is visible content synergy: the same text or a mention is not co-ordinated work, and one "
        "leader whom all others copy may be broadcasting.",
    },
    "alignment": {
        "zh": "不可计算:议题契合需要外部的公众议程数据(热线、留言板、热搜)。",
        "en": "Not computable: alignment needs outside data on the public agenda (hotline, message boards, "
        "hot-search lists).",
    },
    "sensitivity": {
        "zh": "“稳健”只就列出的这些改编码而言;没有形式信息的帖文无法改编码。",
        "en": "Robust means: under these recodings. Posts without a form cannot be recoded.",
    },
    "contrasts": {
        "zh": "差异按相互独立的帖文计算;同一事件的多条帖文并不独立,区间偏窄。",
        "en": "Differences take posts as independent; posts of one event are not, so intervals are rather narrow.",
    },
}  # fmt: skip
