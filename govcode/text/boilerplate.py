"""Boilerplate at either end of a text: credits, calls to follow, hotline one-liners, platform tails.

A codebook gives boilerplate no code, so it must not reach a coder. Only the ends are looked at: the
same words in the middle of a text can be its subject. A text that would be left with less than
`KEEP` characters is not shortened.
"""

from __future__ import annotations

import re

from govcode.text.patterns import Later, later

KEEP = 12
WINDOW = 100  # characters at the end in which boilerplate is sought
_ROUNDS = 6
_SHORT = 32  # what platforms add is shorter than this

_PLATFORM = ("视频", "全文", "地图", "原图", "大图", "链接", "组图", "转发微博", "长图", "详情")
_PLATFORM_ENDS = (*_PLATFORM, "全文c", "全文d", "张", "张]", " ", "\n")
# What ends like this is one of the platforms' pieces from here on, whatever stands before.
_WHOLE = (
    "全文",
    "展开全文",
    "展开全文c",
    "收起全文",
    "收起全文d",
    "原图",
    "网页链接",
    "显示地图",
    "转发微博",
    "长图",
)
_OF_SET = ("张", "张]")  # `[组图共9张]`
_SET = later(r"组图共\d+张\]?")
_SHARED = tuple(f"的{name}视频" for name in ("微博", "秒拍", "抖音", "快手"))  # `NAME的微博视频`
_NO_NAME = r"\s。！？!?，,#）)】"  # a name has none of these
_MOST_OF_NAME = 16
_UP_TO_NAME = later(rf".*[{_NO_NAME}]", re.DOTALL)
_FOLLOW = (
    r"点击?.{0,8}(?:关注|蓝字|原文|名片|上方|下方|在看|订阅|收藏)|长按.{0,12}(?:识别|关注|二维码|扫码)"
    r"|扫.{0,10}码.{0,8}(?:关注|加入|了解|阅读|查看)|扫码关注|关注(?:我们|本号)|欢迎.{0,8}(?:关注|留言|转发|订阅|投稿)"
    r"|阅读原文|觉得.{0,8}(?:点|赞)|分享.{0,6}(?:朋友圈|点赞)|点个?[“\"]?(?:在看|赞)|一键三连|更多精彩"
)
# Each way to say it has one of the former; of the latter one must be there as well.
_FOLLOW_CUES = (
    "关注", "蓝字", "原文", "名片", "上方", "下方", "在看", "订阅", "收藏", "长按", "码", "欢迎", "觉得",
    "分享", "赞", "一键三连", "更多精彩",
)  # fmt: skip
_CALLS = ("关注", "点", "扫", "长按", "阅读原文", "欢迎", "分享", "一键三连", "更多精彩")
_CREDITS = (
    "来源", "出处", "编辑", "责编", "主编", "编审", "审核", "审校", "初审", "复审", "终审", "校对", "监制",
    "排版", "制作", "记者", "通讯员", "摄影", "供稿", "撰稿", "撰文", "作者", "责任部门", "发布部门",
)  # fmt: skip
_CREDIT = rf"(?:信息|文章|素材|内容|图片|本文|综合|稿件|责任)?(?:{'|'.join(_CREDITS)})"
_HOTLINE = r"(?:热线|电话|专线|致电|拨打)"

# Cues that must stand in the last `WINDOW` characters, and one piece up to the end of the text. Looking
# for the cues first keeps the common case (nothing to cut) cheap.
_TAILS: tuple[tuple[tuple[str, ...], Later], ...] = tuple(
    (cues, later(pattern))
    for cues, pattern in (
        (
            _PLATFORM,
            rf"[ \n]*(?:(?<![^{_NO_NAME}])[^{_NO_NAME}]{{1,{_MOST_OF_NAME}}}的(?:微博|秒拍|抖音|快手)视频"
            r"|展开全文c?|收起全文d?|全文|显示地图"
            r"|查看大图|原图|网页链接|\[?组图共\d+张\]?|转发微博|长图|抽奖详情|O?秒拍视频)[ \n]*$",
        ),
        (
            _CREDITS,
            rf"[ \n]*[(（【\[][^()（）\n]{{0,12}}{_CREDIT}[^()（）\n]{{0,60}}[)）】\]][ \n]*$"
            rf"|\n[^\n]{{0,10}}{_CREDIT}[ ]?[:：|丨/][^\n]{{0,50}}$"
            rf"|(?<=[。！？!?”\n ]){_CREDIT}[ ]?[:：|丨/][^\n。！？]{{1,40}}$",
        ),
        (
            ("(文", "（文", "(图", "（图"),
            r"[ \n]*[(（](?:文|图|文图|文/图|图/文)[^()（）\n]{0,40}[)）][ \n]*$",
        ),
        (("via", "Via", "VIA"), r"[ ]*(?:[(（]?(?:via|Via|VIA))[ @:：]{0,2}[^\s。]{0,20}$"),
        (
            _FOLLOW_CUES,
            rf"(?:^|(?<=[。！？!?\n”]))[^。！？!?\n]{{0,20}}(?:{_FOLLOW})[^。！？!?\n]{{0,24}}[。！？!?~～]*$",
        ),
        (
            ("热线", "电话", "专线", "致电", "拨打"),
            rf"(?<=[。！？!?\n”])[^。！？!?\n]{{0,20}}{_HOTLINE}[^。！？!?\n]{{0,8}}"
            rf"\d[\d\-、/转 ]{{2,30}}[^。！？!?\n]{{0,6}}[。！!]?$",
        ),
        (("↓", "戳", "👇", "⬇"), r"[↓⬇👇戳 ]+$"),
    )
)
CUES = tuple(cues for cues, _ in _TAILS)  # of each kind of boilerplate at the end
_SIGNED = later(rf"(?:{'|'.join(_CREDITS)}) ?[:：|丨/]")
_CLOSED = (")", "）", "】", "]")
_ANY_CUE = re.compile("|".join(re.escape(cue) for cues in CUES for cue in cues))
_HEAD = later(rf"^[^。！？!?\n]{{0,12}}(?:{_FOLLOW})[^。！？!?\n]{{0,12}}\n+")


def without_boilerplate(text: str, late: int | None = None, anywhere: int | None = None) -> str:
    """Return `text` without boilerplate at its ends; at least `KEEP` characters are left.

    `late`, `anywhere`: the kinds whose cues may be in the last `WINDOW` characters and in all of the text,
    a bit for each; None where that is not known.
    """
    if len(text) <= KEEP:
        return text
    if "\n" in text and (head := _HEAD().match(text)) and len(text) - head.end() >= KEEP:
        text = text[head.end() :]
    for _ in range(_ROUNDS):
        start = max(KEEP, len(text) - WINDOW)
        shorter = _shortened(text, start, _kinds(text, start) if late is None else late)
        if shorter is text:
            return text
        text, late = shorter, anywhere
    return text


def _kinds(text: str, start: int) -> int:
    """Return the kinds that have cues from `start` on."""
    there = frozenset(_ANY_CUE.findall(text, start))
    return sum(1 << kind for kind, cues in enumerate(CUES) if not there.isdisjoint(cues)) if there else 0


def _shortened(text: str, start: int, kinds: int) -> str:
    """Return `text` without the first piece of these kinds found at its end, or the same object."""
    for kind, (cues, tail) in enumerate(_TAILS):
        if not kinds >> kind & 1:
            continue
        if cues is _PLATFORM:
            begin = _platform(text, max(start, len(text) - _SHORT), tail)
        else:
            begin = -1 if _impossible(cues, text, start) else _begin(tail().search(text, start))
        if begin >= 0:
            return text[:begin].rstrip()
    return text


def _impossible(cues: tuple[str, ...], text: str, start: int) -> bool:
    """Tell quickly that a piece with these cues cannot end the text."""
    if cues is _FOLLOW_CUES:
        end = text[start:]
        return not any(call in end for call in _CALLS)
    if cues is _CREDITS:
        return not text.rstrip(" \n").endswith(_CLOSED) and not _SIGNED().search(text, start)
    return False


def _platform(text: str, start: int, tail: Later) -> int:
    """Return where a piece of a platform begins that ends the text, -1 where there is none.

    The commonest are told by their ends: the search tries every place, and one post in four has such a piece.
    """
    core = text.rstrip(" \n")
    if not core.endswith(_PLATFORM_ENDS):
        return -1
    if core.endswith(_WHOLE):
        begin = len(core) - max(len(whole) for whole in _WHOLE if core.endswith(whole))
        if begin >= start:
            return begin
    elif core.endswith(_SHARED):
        before = _UP_TO_NAME().match(core, start)
        begin = before.end() if before else start
        fits = 1 <= len(core) - len(_SHARED[0]) - begin <= _MOST_OF_NAME
        if fits and (before or not start or _UP_TO_NAME().fullmatch(core[start - 1])):
            return begin
    elif core.endswith(_OF_SET):
        return _set_of_pictures(core, start)
    return _begin(tail().search(text, start))


def _set_of_pictures(core: str, start: int) -> int:
    begin = core.rfind("组图共", start)
    if begin < 0 or not _SET().fullmatch(core, begin):
        return -1
    return begin - 1 if begin > start and core[begin - 1] == "[" else begin


def _begin(found: re.Match[str] | None) -> int:
    return found.start() if found and found.start() < found.end() else -1
